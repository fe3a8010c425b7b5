"""The accepted form of each setting. Every function takes the variable's name, so that an error
can say which one is wrong, what is wrong with it, and what would be accepted.

A value that may hold a secret is never repeated in an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

import phonenumbers

_AMI_FORM = "ami://USER:SECRET@HOST[:5038][/NAME], several separated by commas"
_DATABASE_FORM = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST[:5432]/DATABASE"
_REDIS_FORM = "redis://[:PASSWORD@]HOST[:6379][/0], rediss://… or unix:///PATH"
_AMI_PORT = 5038
_LEAST_MEMORY = 128
"""Megabytes, below which DuckDB cannot be relied on to read the archive."""
_LOOPBACK = ("localhost", "::1")
_FOLDER_FORM = "/PATH, or NAME=/PATH,NAME=/PATH for several PBXs (the names of AMI_URL)"
_LEDGER_FORM = (
    "/PATH/callcenter.csv for a single PBX, or NAME=/PATH/callcenter.csv,NAME=inbox for several "
    "(the names of AMI_URL; inbox: a forwarder sends it)"
)


class SettingsError(ValueError):
    """A setting is unknown or malformed. The message names it and the accepted form."""


class BindAddress(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class PbxAddress:
    """Where a PBX's manager listens. `name` is the PBX's id in calls: stable, unique."""

    name: str
    host: str
    port: int
    user: str
    secret: str = field(repr=False)


def parse_bind(name: str, text: str) -> BindAddress:
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+):(\d{1,5})", text)
    if not match or int(match.group(2)) > 65535:
        raise SettingsError(
            f"{name}={text!r} is not an address to listen on. "
            "Accepted: HOST:PORT, for example 127.0.0.1:8000 or [::1]:8000."
        )
    return BindAddress(match.group(1).strip("[]"), int(match.group(2)))


def parse_database_url(name: str, text: str) -> str:
    parts = _split(name, text, _DATABASE_FORM)
    if parts.scheme in {"sqlite", "sqlite+pysqlite"} and re.match(r"^[^:]+:///?.+", text):
        return text
    if parts.scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        # A socket folder may stand in the query (?host=/run/postgresql); a database may not lack.
        if parts.path.strip("/") and (parts.hostname or "host=" in parts.query):
            return "postgresql+psycopg" + text[text.index(":") :]
        raise SettingsError(f"{name} lacks a host or a database name. Accepted: {_DATABASE_FORM}.")
    raise SettingsError(f"{name} names no database we can use. Accepted: {_DATABASE_FORM}.")


def parse_phone_url(name: str, text: str) -> str:
    form = "ws://HOST[:8088]/ws or, beyond this machine, wss://HOST/ws"
    parts = _split(name, text, form)
    plain = re.fullmatch(r"[\w.:\[\]-]+", parts.netloc) and not parts.query
    if parts.scheme not in {"ws", "wss"} or not parts.hostname or not plain:
        raise SettingsError(f"{name} is not the address of a web socket. Accepted: {form}.")
    return text


def parse_phone_key(name: str, text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{32,64}", text):
        raise SettingsError(
            f"{name} cannot be used. Accepted: 32 to 64 letters, digits, - and _, such as "
            'python3 -c "import secrets; print(secrets.token_urlsafe(32))" makes.'
        )
    return text


def parse_redis_url(name: str, text: str) -> str:
    parts = _split(name, text, _REDIS_FORM)
    served = bool(parts.hostname) if parts.scheme in {"redis", "rediss"} else bool(parts.path)
    if parts.scheme not in {"redis", "rediss", "unix"} or not served:
        raise SettingsError(f"{name} is not the address of a Redis. Accepted: {_REDIS_FORM}.")
    return text


def parse_ami_urls(name: str, text: str) -> tuple[PbxAddress, ...]:
    """A comma inside a secret is fine: only one before the next `ami://` separates."""
    urls = [url.strip() for url in re.split(r",\s*(?=\w+://)", text) if url.strip()]
    addresses = tuple(_parse_ami_url(name, url) for url in urls)
    names = [address.name for address in addresses]
    for repeated in {one for one in names if names.count(one) > 1}:
        raise SettingsError(
            f"{name} names the PBX {repeated!r} twice. Give each its own: {_AMI_FORM}."
        )
    return addresses


def _parse_ami_url(name: str, url: str) -> PbxAddress:
    parts = _split(name, url, _AMI_FORM)
    pbx = unquote(parts.path.strip("/"))
    complete = parts.scheme == "ami" and parts.hostname and parts.username and parts.password
    if not complete or not re.fullmatch(r"[\w.:-]*", pbx) or parts.query:
        raise SettingsError(
            f"{name} lacks a user, a secret or a host, or is no ami:// address. "
            f"Accepted: {_AMI_FORM} (write @ : / % in a secret as %40 %3A %2F %25)."
        )
    host, port = str(parts.hostname), parts.port or _AMI_PORT
    secret = unquote(str(parts.password))
    user = unquote(str(parts.username))
    if re.search(r"[\r\n\0]", user + secret):
        raise SettingsError(
            f"{name} has a line break in the user or secret. Accepted: {_AMI_FORM}."
        )
    return PbxAddress(
        pbx or (host if port == _AMI_PORT else f"{host}:{port}"), host, port, user, secret
    )


def parse_hands(name: str, text: str, addresses: Sequence[PbxAddress]) -> tuple[PbxAddress, ...]:
    """Further users of PBXs that AMI_URL names already."""
    hands = parse_ami_urls(name, text)
    known = {address.name for address in addresses}
    for hand in hands:
        if hand.name not in known:
            raise SettingsError(
                f"{name} names the PBX {hand.name!r}, which AMI_URL does not. Accepted: the same "
                "PBXs under the same names, each with the user that may place calls."
            )
    return hands


def parse_local_hands(
    name: str, text: str, addresses: Sequence[PbxAddress]
) -> tuple[PbxAddress, ...]:
    """Users that may do so much that they may log in from this machine alone."""
    hands = parse_hands(name, text, addresses)
    for hand in hands:
        if hand.host not in _LOOPBACK and not hand.host.startswith("127."):
            raise SettingsError(
                f"{name} names {hand.host}: its user may reload Asterisk and load modules, so it "
                "is used on Asterisk's own machine alone. Accepted: 127.0.0.1 as the host."
            )
    return hands


def parse_ledgers(
    name: str, text: str, addresses: Sequence[PbxAddress]
) -> tuple[tuple[str, Path | None], ...]:
    """(PBX, its ledger's file; None for one that is sent here by a forwarder)."""
    if not re.match(r"[\w.:-]+=", text):
        if len(addresses) > 1:
            raise SettingsError(f"{name} does not say which PBX's it is. Accepted: {_LEDGER_FORM}.")
        return ((addresses[0].name if addresses else "pbx", Path(text)),)
    ledgers: dict[str, Path | None] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        pbx, separator, path = (part.strip() for part in item.partition("="))
        if not separator or not path or not re.fullmatch(r"[\w.:-]+", pbx) or pbx in ledgers:
            raise SettingsError(f"{name} holds {item!r}. Accepted: {_LEDGER_FORM}.")
        ledgers[pbx] = None if path == "inbox" else Path(path)
    return tuple(ledgers.items())


def parse_folders(name: str, text: str) -> tuple[tuple[str, Path], ...]:
    """(PBX, its folder); '' for every PBX, where a folder stands alone."""
    if not re.match(r"[\w.:-]+=", text):
        return (("", Path(text)),)
    folders: dict[str, Path] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        pbx, separator, path = (part.strip() for part in item.partition("="))
        if not separator or not path or not re.fullmatch(r"[\w.:-]+", pbx) or pbx in folders:
            raise SettingsError(f"{name} holds {item!r}. Accepted: {_FOLDER_FORM}.")
        folders[pbx] = Path(path)
    return tuple(folders.items())


def parse_folder_there(name: str, text: str) -> str:
    """A folder as another machine sees it: a whole path, of signs that need no quoting there."""
    if text and not re.fullmatch(r"(/[A-Za-z0-9_.-]+)+/?", text):
        raise SettingsError(
            f"{name}={text!r} is not a whole path. Accepted: a folder as Asterisk sees it, such as "
            "/var/lib/callcenter/prompts."
        )
    return text.rstrip("/")


def parse_region(name: str, text: str) -> str:
    if text not in phonenumbers.SUPPORTED_REGIONS:
        raise SettingsError(
            f"{name}={text!r} is not a country. Accepted: an ISO 3166 code in capitals, "
            "for example PL or RU."
        )
    return text


def parse_trunks(name: str, text: str) -> tuple[tuple[str, str], ...]:
    """(endpoint pattern, region or '') in the order given."""
    trunks = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        endpoint, _, region = item.partition("=")
        if not re.fullmatch(r"[A-Za-z0-9]+/[\w.*?@-]+", endpoint.strip()):
            raise SettingsError(
                f"{name} holds {item!r}, which is not a trunk. Accepted: a comma-separated list of "
                "endpoint names, * for any ending, a country where it differs: "
                "PJSIP/trunk*,PJSIP/trunk-ru=RU."
            )
        trunks.append((endpoint.strip(), parse_region(name, region.strip()) if region else ""))
    return tuple(trunks)


def parse_pattern(name: str, text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise SettingsError(
            f"{name}={text!r} is not a regular expression ({error}). "
            r"Accepted: one that matches the PBX's own numbers in full, for example [1-9]\d{1,4}."
        ) from error
    return text


def parse_origins(name: str, text: str) -> tuple[str, ...]:
    origins = tuple(filter(None, (part.strip().rstrip("/") for part in text.split(","))))
    for origin in origins:
        if not re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[\w.-]+)(:\d{1,5})?", origin):
            raise SettingsError(
                f"{name} holds {origin!r}, which is not a web origin. Accepted: a comma-separated "
                "list such as https://crm.example.org,http://10.0.0.5:8000 (no path)."
            )
    return origins


def parse_origin(name: str, text: str) -> str:
    """The one origin; '' for none."""
    found = parse_origins(name, text)
    if len(found) > 1:
        raise SettingsError(f"{name} holds {len(found)} web origins. Accepted: one of them.")
    return found[0].lower() if found else ""


def parse_networks(name: str, text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(
            f"{name}={text!r} is not a list of networks ({error}). Accepted: a comma-separated "
            "list such as 10.1.0.0/16,fd00::/8."
        ) from error


def parse_choice(name: str, text: str, choices: Sequence[str]) -> str:
    if text.lower() not in choices:
        raise SettingsError(f"{name}={text!r} is unknown. Accepted: {', '.join(choices)}.")
    return text.lower()


def parse_megabytes(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text) or int(text) < 1:
        raise SettingsError(f"{name}={text!r} is not a size. Accepted: 1 to 99999, in megabytes.")
    return int(text)


def parse_memory(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text) or int(text) < _LEAST_MEMORY:
        raise SettingsError(
            f"{name}={text!r} is not a size. Accepted: {_LEAST_MEMORY} to 99999, in megabytes."
        )
    return int(text)


def parse_days(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text) or int(text) < 1:
        raise SettingsError(f"{name}={text!r} is not a number of days. Accepted: 1 to 99999.")
    return int(text)


def parse_count(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text) or int(text) < 1:
        raise SettingsError(f"{name}={text!r} is not a number. Accepted: 1 to 999999.")
    return int(text)


def parse_secret_key(name: str, text: str) -> str:
    if len(text) < 16 or len(set(text)) < 6:
        raise SettingsError(
            f"{name} is too short or too plain to sign log-ins with. Accepted: at least 16 random "
            "characters, for example the output of: openssl rand -base64 32"
        )
    return text


def _split(name: str, text: str, form: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is no number
    except ValueError as error:
        raise SettingsError(f"{name} is not a URL. Accepted: {form}.") from error
    return parts
