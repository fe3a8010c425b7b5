"""A line to the telephone network: how the provider is reached, and how it knows us. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from callcenter.pbx import values
from callcenter.pbx.values import PlanError

_NUMBER = re.compile(r"[1-9][0-9]{7,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """Calls come in from the addresses of `match`. Without a `user` the provider knows us by our
    address as well; with one we sign each call, and `registers` has us sign in by ourselves, for an
    address of ours that changes.
    """

    name: str = "trunk"
    match: tuple[str, ...] = ("127.0.0.2",)
    host: str = "127.0.0.2"
    port: int = 5060
    region: str = ""
    """The country whose way of writing numbers it uses; '': the plan's."""
    user: str = ""
    secret: str = field(default="", repr=False)
    registers: bool = False
    outbound: bool = True
    """Calls go out by the first of these, in the order of the plan, that takes them."""
    watched: bool = False
    """Asked every half minute whether it is there: one that is away is passed over at once."""

    def __post_init__(self) -> None:
        if self.region:
            values.check_region("trunk.region", self.region)
        if not self.match:
            raise PlanError("trunk.match: an address is needed", field="match", code="ip")
        values.check_name("trunk.name", self.name)
        values.check_port("trunk.port", self.port)
        object.__setattr__(self, "host", values.check_host("trunk.host", self.host))
        for address in self.match:
            values.check_ip("trunk.match", address)
        if self.user:
            values.check_account("trunk.user", self.user)
        if self.secret:
            values.check_given_secret("trunk.secret", self.secret)
        if self.registers and not self.user:
            words = "trunk.user: signing in needs the account's name"
            raise PlanError(words, field="user", code="account_needed")

    @property
    def account_number(self) -> str:
        """The number that the account's name is, in E.164; '' where it is none."""
        digits = self.user.removeprefix("+")
        return f"+{digits}" if _NUMBER.fullmatch(digits) else ""

    @property
    def account_digits(self) -> str:
        """What is left of the account's name where only digits and + are read."""
        return re.sub(r"[^+0-9]", "", self.user)
