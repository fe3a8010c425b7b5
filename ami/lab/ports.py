"""Free ports and unlike names, so that several labs live side by side.

A port is named, in configurations and to other programs, before whoever serves on it starts. Nobody
else may come by it meanwhile. So it is none of those that the kernel hands out by itself (to
connections that go out, and to whoever binds port 0), and it is from a block that this process
alone holds.
"""

from __future__ import annotations

import errno
import os
import random
import socket
import sys
import threading
from pathlib import Path

from callcenter.pbx.plan import Ports

DEVICES_HOST = "127.0.0.1"
TRUNK_HOST = "127.0.0.2"  # the telephone network calls from here: told apart from phones by address
_RTP_BLOCK = 200
_RTP_FIRST, _RTP_LAST = 10000, 32000  # below the range that the kernel hands out by itself
_BLOCK = 64
_BLOCKS_AT_MOST = 12  # of one process; then it begins anew with those it told of longest ago
_LAST = 65535
_KERNELS = Path("/proc/sys/net/ipv4/ip_local_port_range")
_SOCKETS = Path("/proc/net/udp")
_USUAL = (32768, 60999)


def free_ports() -> Ports:
    """Ports that nobody has at this moment, all different."""
    sip, ami, http = free_udp_port(), free_tcp_port(), free_tcp_port()
    first = _for_sound(_RTP_BLOCK)
    # Ranges of two labs may overlap: Asterisk passes over a port that is taken.
    return Ports(sip=sip, ami=ami, http=http, rtp_first=first, rtp_last=first + _RTP_BLOCK)


def free_udp_port(host: str = DEVICES_HOST) -> int:
    return _ours.next(socket.SOCK_DGRAM, host)


def free_tcp_port(host: str = DEVICES_HOST) -> int:
    return _ours.next(socket.SOCK_STREAM, host)


def media_port(host: str = DEVICES_HOST) -> int:
    """Where a phone's sound begins: even. Each of its calls takes the next pair that nobody has."""
    while not udp_port_is_free(host, port := _for_sound(_RTP_BLOCK)):
        pass
    return port


def udp_port_is_free(host: str, port: int) -> bool:
    return _is_free(socket.SOCK_DGRAM, host, port)


def udp_port_is_served(host: str, port: int) -> bool:
    """Whether a socket is bound there, seen without binding one: that would be in the way of a
    program which is about to.
    """
    try:
        sockets = _SOCKETS.read_text("ascii").splitlines()[1:]
    except OSError:
        return not udp_port_is_free(host, port)
    address = socket.inet_aton(host)[::-1] if sys.byteorder == "little" else socket.inet_aton(host)
    wanted = {f"{address.hex()}:{port:04x}".upper(), f"00000000:{port:04X}"}
    return any(one.split(maxsplit=2)[1] in wanted for one in sockets)


class _Held:
    """The blocks of this process, and how far it told of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims: list[int] = []
        self._ports: list[int] = []
        self._told = 0

    def next(self, kind: int, host: str) -> int:
        with self._lock:
            for _ in range(2 * _BLOCK * _BLOCKS_AT_MOST):
                port = self._one()
                if _is_free(kind, host, port):
                    return port
        raise OSError(errno.EADDRINUSE, f"other programs have all our ports on {host}")

    def _one(self) -> int:
        if self._told == len(self._ports):
            if len(self._claims) == _BLOCKS_AT_MOST or not self._one_block_more():
                self._told = 0
            if not self._ports:
                raise OSError(errno.EADDRINUSE, "other processes hold all blocks of ports")
        self._told += 1
        return self._ports[self._told - 1]

    def _one_block_more(self) -> bool:
        blocks = _blocks(*_kernels_own())
        random.shuffle(blocks)  # where names cannot be claimed, chance keeps processes apart
        for block in blocks:
            if block[0] not in self._ports and (claim := _claim(f"{block[0]}")) is not None:
                self._claims.append(claim)
                self._ports += block
                return True
        return False


def _kernels_own() -> tuple[int, int]:
    try:
        low, high = _KERNELS.read_text("ascii").split()
    except OSError:
        return _USUAL
    return int(low), int(high)


def _blocks(low: int, high: int) -> list[range]:
    """All blocks beside the kernel's own ports. Where it leaves us none, all there are."""
    begins = range(_RTP_LAST, _LAST + 2 - _BLOCK, _BLOCK)
    every = [range(begin, begin + _BLOCK) for begin in begins]
    return [block for block in every if block[-1] < low or block[0] > high] or every


def _is_free(kind: int, host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _for_sound(room: int) -> int:
    return random.randrange(_RTP_FIRST, _RTP_LAST - room, 2)  # noqa: S311 - no secret


def _claim(name: str) -> int | None:
    """A name in the kernel that is gone with our process. None: another process has it."""
    if sys.platform != "linux":
        return os.open(os.devnull, os.O_RDONLY)
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0callcenter-ports-{name}")
    except OSError:
        claim.close()
        return None
    return claim.detach()  # a descriptor alone: nobody is warned when our process ends


_ours = _Held()
