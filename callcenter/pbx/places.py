"""Where a PBX listens, and where its Asterisk keeps its things. Pure values, checked when made."""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.pbx import values
from callcenter.pbx.values import PlanError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    sip: int = 5060
    ami: int = 5038
    http: int = 8088
    rtp_first: int = 10000
    rtp_last: int = 20000

    def __post_init__(self) -> None:
        for name in ("sip", "ami", "http", "rtp_first", "rtp_last"):
            values.check_port(f"ports.{name}", getattr(self, name))
        if self.rtp_first >= self.rtp_last:
            words = "ports: rtp_first must be below rtp_last"
            raise PlanError(words, field="rtp_first", code="rtp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where Asterisk keeps its things, as Asterisk itself sees them (inside its root)."""

    etc: str = "/etc/asterisk"
    lib: str = "/var/lib/asterisk"
    run: str = "/var/run/asterisk"
    log: str = "/var/log/asterisk"
    spool: str = "/var/spool/asterisk"
    data: str = "/usr/share/asterisk"
    modules: str = ""
    """Empty: where Debian's package of the release keeps them."""

    def __post_init__(self) -> None:
        for name in ("etc", "lib", "run", "log", "spool", "data"):
            values.check_path(f"folders.{name}", getattr(self, name))
        if self.modules:
            values.check_path("folders.modules", self.modules)
