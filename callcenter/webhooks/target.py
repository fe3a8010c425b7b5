"""Where a webhook may point. An address inside our own network would let whoever sets up webhooks
reach what stands behind the firewall (server-side request forgery), so only addresses of the public
internet are taken, unless the installation names networks of its own. Pure: names are resolved by
whoever connects, and the address that was checked is the one connected to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from callcenter.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
LONGEST_URL = 2_000
_PORTS = {"https": 443, "http": 80}
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """A checked web address, taken apart. `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def parse_target(url: str) -> Target:
    """Raises Invalid for whatever is not a plain http(s) address."""
    if len(url) > LONGEST_URL or not url.isascii() or any(c <= " " or c == "\x7f" for c in url):
        raise Invalid("url", "must be a web address such as https://example.com/hook")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("url", "is not a web address") from None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or port == 0:
        raise Invalid("url", "must be a web address such as https://example.com/hook")
    if parts.username is not None or parts.password is not None:
        raise Invalid("url", "must not hold a name or a password: it is shown and logged")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], _path(parts))


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def allowed_addresses(addresses: Iterable[str], ours: Sequence[Network] = ()) -> tuple[str, ...]:
    """Those of a name's addresses that may be connected to.

    One forbidden address among them forbids them all: the name is then not what it seems.
    """
    found = [ip_address(one.partition("%")[0]) for one in addresses]
    if not found or not all(_is_allowed(one, ours) for one in found):
        return ()
    return tuple(str(one) for one in found)


def _is_allowed(address: Address, ours: Sequence[Network]) -> bool:
    plain = _inner(address)
    if any(plain in network for network in ours if network.version == plain.version):
        return True
    return plain.is_global and not plain.is_multicast


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one wraps, if it does: `::ffff:127.0.0.1` is 127.0.0.1."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address
