"""Free ports and unlike names, so that several labs live side by side."""

from __future__ import annotations

import os
import random
import socket
import sys
from collections import deque
from contextlib import ExitStack

from callcenter.pbx.plan import Ports

DEVICES_HOST = "127.0.0.1"
TRUNK_HOST = "127.0.0.2"  # the telephone network calls from here: told apart from phones by address
_RTP_BLOCK = 200
_RTP_FIRST, _RTP_LAST = 10000, 32000  # below the range that the kernel hands out by itself
# A free port is let go before its user takes it. A name in the kernel, gone with our process, keeps
# other processes that look for one (tests side by side) from being given the same meanwhile.
_claims: deque[int] = deque()
_CLAIMS_AT_ONCE = 100


def free_ports() -> Ports:
    """Ports that nobody has at this moment, all different."""
    with ExitStack() as held:
        sip = _hold(held, socket.SOCK_DGRAM, DEVICES_HOST)
        ami = _hold(held, socket.SOCK_STREAM, DEVICES_HOST)
        http = _hold(held, socket.SOCK_STREAM, DEVICES_HOST)
    first = random.randrange(_RTP_FIRST, _RTP_LAST - _RTP_BLOCK, 2)  # noqa: S311 - no secret
    # Ranges of two labs may overlap: Asterisk passes over a port that is taken.
    return Ports(sip=sip, ami=ami, http=http, rtp_first=first, rtp_last=first + _RTP_BLOCK)


def free_udp_port(host: str = DEVICES_HOST) -> int:
    with ExitStack() as held:
        return _hold(held, socket.SOCK_DGRAM, host)


def udp_port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_tcp_port(host: str = DEVICES_HOST) -> int:
    with ExitStack() as held:
        return _hold(held, socket.SOCK_STREAM, host)


def _hold(held: ExitStack, kind: int, host: str) -> int:
    while True:
        taken = held.enter_context(socket.socket(socket.AF_INET, kind))
        taken.bind((host, 0))
        port = int(taken.getsockname()[1])
        if _claim(f"{kind}-{port}"):
            return port


def _claim(name: str) -> bool:
    if sys.platform != "linux":
        return True
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0callcenter-port-{name}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim.detach())  # a descriptor alone: nobody is warned when our process ends
    if len(_claims) > _CLAIMS_AT_ONCE:
        os.close(_claims.popleft())
    return True
