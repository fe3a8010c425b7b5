"""The product's settings: read once from the environment, checked in full, frozen.

Owns the names and accepted forms of every variable. Reads no database and no network. A setting
that is wrong, or that looks like a misspelt known one, raises `SettingsError` before anything
starts. Any variable may be given as NAME_FILE instead, naming a file that holds the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal, cast

from callcenter.channels.addresses import is_address
from callcenter.customers.phone import NumberPlan
from callcenter.settings_channels import (
    MailboxAddress,
    MailServerAddress,
    SmsAddress,
    parse_mail_server,
    parse_mailboxes,
    parse_sms,
)
from callcenter.settings_forms import (
    BindAddress,
    PbxAddress,
    SettingsError,
    parse_ami_urls,
    parse_bind,
    parse_choice,
    parse_count,
    parse_database_url,
    parse_days,
    parse_folder_there,
    parse_folders,
    parse_hands,
    parse_ledgers,
    parse_local_hands,
    parse_megabytes,
    parse_memory,
    parse_networks,
    parse_origin,
    parse_origins,
    parse_pattern,
    parse_phone_key,
    parse_phone_url,
    parse_redis_url,
    parse_region,
    parse_secret_key,
    parse_trunks,
)
from callcenter.settings_names import Environment

__all__ = ["BindAddress", "PbxAddress", "Settings", "SettingsError"]

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "json", "console"]
WebAsync = Literal["threading", "gevent"]
_AGI_BIND = BindAddress("127.0.0.1", 4573)
_WEB_BIND = BindAddress("127.0.0.1", 8000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    database_url: str = field(default="sqlite:///var/callcenter.db", repr=False)
    redis_url: str | None = field(default=None, repr=False)
    ami: tuple[PbxAddress, ...] = ()
    ami_originate: tuple[PbxAddress, ...] = ()
    """The users that place and move calls, under the PBX names of `ami`."""
    ami_config: tuple[PbxAddress, ...] = ()
    """The users that may reload, of PBXs on this machine; none: plans are exported only."""
    pbx_config: tuple[tuple[str, Path], ...] = ()
    """(PBX, the folder that its Asterisk reads, as seen from here)."""
    agi_bind: BindAddress = _AGI_BIND
    agi_shared: bool = False
    """Several `agi` processes of this machine listen on the one port."""
    web_bind: BindAddress = _WEB_BIND
    secret_key: str = field(default="", repr=False)
    default_region: str = "PL"
    ledgers: tuple[tuple[str, Path | None], ...] = ()
    """(PBX, the file of its ledger; None where a forwarder sends it)."""
    recordings: tuple[tuple[str, Path], ...] = ()
    """(PBX, the folder of its recordings as seen from here)."""
    log_level: LogLevel = "info"
    log_format: LogFormat = "auto"
    internal_numbers: str = r"[1-9]\d{1,4}"
    trunks: tuple[str, ...] = ("PJSIP/trunk*",)
    trunk_regions: tuple[tuple[str, str], ...] = ()
    web_origins: tuple[str, ...] = ()
    visitors_url: str = ""
    """The origin at which visitors of chats reach us, where it is not the operators'."""
    metrics_bind: BindAddress | None = None
    phone_url: str = ""
    """Asterisk's web socket as browsers see it; empty: no soft phones."""
    phone_key: str = field(default="", repr=False)
    pin_failures_per_hour: int = 50
    """Of all callers together, beyond which callers are not asked for a PIN any more."""
    web_async: WebAsync = "threading"
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Inside networks that webhooks may reach; none by themselves."""
    import_max_mb: int = 512
    """The largest file that may be taken in."""
    archive_memory_mb: int = 256
    """What the archive's DuckDB may take, of each process."""
    retention_days: int = 730
    journal_days: int = 90
    data_dir: Path = Path("var")
    prompts_dir: Path | None = None
    """Where the sounds of menus are written; by default a folder of `data_dir`."""
    prompts_path: str = ""
    """The same folder as Asterisk sees it, where it sees it elsewhere."""
    mailboxes: tuple[MailboxAddress, ...] = ()
    mail_server: MailServerAddress | None = None
    mail_from: str = ""
    sms: SmsAddress | None = None
    sms_from: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        env = Environment(environ)
        data_dir = Path(env.get("CALLCENTER_DATA", "var"))
        trunks = parse_trunks("TRUNKS", env.get("TRUNKS", "PJSIP/trunk*"))
        ledgers, metrics = env.get("CEL_PATH", ""), env.get("METRICS_BIND", "")
        ami = parse_ami_urls("AMI_URL", env.get("AMI_URL", ""))
        sounds, folders = env.get("RECORDINGS_PATH", ""), env.get("PBX_CONFIG_PATH", "")
        redis_url, secret = env.get("REDIS_URL", ""), env.get("SECRET_KEY", "")
        levels, formats = ("debug", "info", "warning", "error"), ("auto", "json", "console")
        level = parse_choice("LOG_LEVEL", env.get("LOG_LEVEL", "info"), levels)
        log_format = parse_choice("LOG_FORMAT", env.get("LOG_FORMAT", "auto"), formats)
        mode = parse_choice("WEB_ASYNC", env.get("WEB_ASYNC", "threading"), ("threading", "gevent"))
        phone_url, phone_key = env.get("PHONE_URL", ""), env.get("PHONE_KEY", "")
        if phone_url and not phone_key:
            raise SettingsError(
                "PHONE_URL needs PHONE_KEY: the key that the PBX was rendered with."
            )
        return cls(
            database_url=parse_database_url(
                "DATABASE_URL", env.get("DATABASE_URL", f"sqlite:///{data_dir}/callcenter.db")
            ),
            redis_url=parse_redis_url("REDIS_URL", redis_url) if redis_url else None,
            ami=ami,
            ami_originate=parse_hands("AMI_ORIGINATE_URL", env.get("AMI_ORIGINATE_URL", ""), ami),
            ami_config=parse_local_hands("AMI_CONFIG_URL", env.get("AMI_CONFIG_URL", ""), ami),
            pbx_config=parse_folders("PBX_CONFIG_PATH", folders) if folders else (),
            agi_bind=parse_bind("AGI_BIND", env.get("AGI_BIND", "127.0.0.1:4573")),
            agi_shared=parse_choice("AGI_SHARED", env.get("AGI_SHARED", "no"), ("no", "yes"))
            == "yes",
            web_bind=parse_bind("WEB_BIND", env.get("WEB_BIND", "127.0.0.1:8000")),
            secret_key=parse_secret_key("SECRET_KEY", secret) if secret else "",
            default_region=parse_region("DEFAULT_REGION", env.get("DEFAULT_REGION", "PL")),
            ledgers=parse_ledgers("CEL_PATH", ledgers, ami) if ledgers else (),
            recordings=parse_folders("RECORDINGS_PATH", sounds) if sounds else (),
            log_level=cast("LogLevel", level),
            log_format=cast("LogFormat", log_format),
            internal_numbers=parse_pattern(
                "INTERNAL_NUMBERS", env.get("INTERNAL_NUMBERS", r"[1-9]\d{1,4}")
            ),
            trunks=tuple(name for name, _ in trunks),
            trunk_regions=tuple((name, region) for name, region in trunks if region),
            web_origins=parse_origins("WEB_ORIGINS", env.get("WEB_ORIGINS", "")),
            visitors_url=parse_origin("PUBLIC_URL", env.get("PUBLIC_URL", "")),
            metrics_bind=parse_bind("METRICS_BIND", metrics) if metrics else None,
            phone_url=parse_phone_url("PHONE_URL", phone_url) if phone_url else "",
            phone_key=parse_phone_key("PHONE_KEY", phone_key) if phone_key else "",
            pin_failures_per_hour=parse_count(
                "PIN_FAILURES_PER_HOUR", env.get("PIN_FAILURES_PER_HOUR", "50")
            ),
            web_async=cast("WebAsync", mode),
            webhook_networks=parse_networks("WEBHOOK_NETWORKS", env.get("WEBHOOK_NETWORKS", "")),
            import_max_mb=parse_megabytes("IMPORT_MAX_MB", env.get("IMPORT_MAX_MB", "512")),
            archive_memory_mb=parse_memory(
                "ARCHIVE_MEMORY_MB", env.get("ARCHIVE_MEMORY_MB", "256")
            ),
            retention_days=parse_days("RETENTION_DAYS", env.get("RETENTION_DAYS", "730")),
            journal_days=parse_days("JOURNAL_DAYS", env.get("JOURNAL_DAYS", "90")),
            data_dir=data_dir,
            prompts_path=parse_folder_there("PROMPTS_PATH", env.get("PROMPTS_PATH", "")),
            **_channels(env),
        )

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None for PostgreSQL and for a database in memory."""
        path = re.sub(r"^sqlite[^:]*:///?", "", self.database_url) if self.is_sqlite else ""
        return Path(path) if path and not path.startswith(":memory:") else None

    @property
    def pbx_names(self) -> tuple[str, ...]:
        """Every PBX we have a manager link to or a ledger of."""
        links = (address.name for address in self.ami)
        return tuple(dict.fromkeys((*links, *(pbx for pbx, _ in self.ledgers))))

    @property
    def hand_names(self) -> tuple[str, ...]:
        """Every PBX that takes calls from here."""
        return tuple(address.name for address in self.ami_originate)

    def ledger_file(self, pbx: str) -> Path | None:
        return dict(self.ledgers).get(pbx)

    @property
    def prompts_folder(self) -> Path:
        return self.prompts_dir or self.data_dir / "prompts"

    @property
    def prompts_there(self) -> str:
        return self.prompts_path or str(self.prompts_folder.absolute())

    def recordings_folder(self, pbx: str) -> Path | None:
        folders = dict(self.recordings)
        return folders.get(pbx, folders.get(""))

    def config_folder(self, pbx: str) -> Path | None:
        folders = dict(self.pbx_config)
        return folders.get(pbx, folders.get(""))

    def config_address(self, pbx: str) -> PbxAddress | None:
        return next((one for one in self.ami_config if one.name == pbx), None)

    @property
    def public_url(self) -> str | None:
        return self.web_origins[0] if self.web_origins else None

    @property
    def number_plan(self) -> NumberPlan:
        return NumberPlan(region=self.default_region, internal=(self.internal_numbers,))

    def number_plan_for(self, trunk: str) -> NumberPlan:
        """The plan of the trunk an endpoint name such as PJSIP/trunk-ru belongs to."""
        for pattern, region in self.trunk_regions:
            if fnmatchcase(trunk, pattern):
                return NumberPlan(region=region, internal=(self.internal_numbers,))
        return self.number_plan


def _channels(env: Environment) -> dict[str, Any]:
    """Mail and short messages. Who sends needs an address to send from."""
    boxes, server = env.get("MAIL_IMAP_URL", ""), env.get("MAIL_SMTP_URL", "")
    sms, sms_from = env.get("SMS_URL", ""), env.get("SMS_FROM", "")
    mailboxes = parse_mailboxes("MAIL_IMAP_URL", boxes) if boxes else ()
    mail_from = env.get("MAIL_FROM", mailboxes[0].account if mailboxes else "")
    if server and not is_address(mail_from):
        raise SettingsError("MAIL_SMTP_URL needs MAIL_FROM: the mail address that answers go from.")
    if sms and not sms_from:
        raise SettingsError("SMS_URL needs SMS_FROM: the number that short messages go from.")
    return {
        "mailboxes": mailboxes,
        "mail_server": parse_mail_server("MAIL_SMTP_URL", server) if server else None,
        "mail_from": mail_from,
        "sms": parse_sms("SMS_URL", sms) if sms else None,
        "sms_from": sms_from,
    }
