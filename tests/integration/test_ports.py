"""A port that is named now and served on later: nobody else comes by it meanwhile."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from ami.lab import ports
from ami.lab.ports import free_ports, free_tcp_port, free_udp_port, media_port

MANY = 200
_TELL = f"""
from ami.lab.ports import free_tcp_port
print(*[free_tcp_port() for _ in range({MANY})], flush=True)
input()
"""


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_ours", ports._Held())


def test_the_kernel_gives_none_of_them_to_anybody_by_itself() -> None:
    low, high = ports._kernels_own()
    plan = free_ports()
    named = [free_tcp_port(), free_udp_port(), media_port(), plan.sip, plan.ami, plan.http]
    named += [plan.rtp_first, plan.rtp_last]
    assert [port for port in named if low <= port <= high] == []


def test_processes_side_by_side_are_told_of_different_ones() -> None:
    command = [sys.executable, "-c", _TELL]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    others = [subprocess.Popen(command, **pipes) for _ in range(3)]
    told = [int(port) for one in others for port in one.stdout.readline().split()]
    told += [free_tcp_port() for _ in range(MANY)]
    for one in others:
        one.communicate("\n", timeout=10)
    assert len(told) == len(set(told)) == 4 * MANY


def test_one_that_somebody_has_is_passed_over(fresh: None) -> None:
    with socket.create_server(("127.0.0.1", free_tcp_port())) as taken:
        port = taken.getsockname()[1]
        ports._ours._told -= 1  # it would be the next again
        assert free_tcp_port() == port + 1
        assert free_tcp_port("127.0.0.2") == port + 2


def test_after_the_last_of_its_blocks_a_process_begins_anew(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_BLOCKS_AT_MOST", 2)
    told = [free_udp_port() for _ in range(2 * ports._BLOCK + 1)]
    assert len(set(told)) >= ports._BLOCK
    assert told[-1] in told[:-1]


def test_all_blocks_in_other_hands_are_said_in_words(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_claim", lambda _name: None)
    with pytest.raises(OSError, match="other processes hold all blocks"):
        free_tcp_port()


@pytest.mark.parametrize(
    ("kernels", "first", "last"),
    [
        ((32768, 60999), 32000, 65535),
        ((49152, 65535), 32000, 49151),
        ((1024, 60999), 61056, 65535),
        ((1024, 65535), 32000, 65535),  # it leaves us none
    ],
)
def test_blocks_lie_beside_the_kernels_own(kernels: tuple[int, int], first: int, last: int) -> None:
    blocks = ports._blocks(*kernels)
    assert (blocks[0][0], blocks[-1][-1]) == (first, last)
    taken = {port for block in blocks for port in block} & set(range(kernels[0], kernels[1] + 1))
    assert not taken or kernels == (1024, 65535)


def test_sound_begins_at_an_even_port_where_pbxs_have_theirs() -> None:
    port = media_port()
    assert port % 2 == 0
    assert 10000 <= port < 32000


def test_who_looks_whether_a_program_is_there_is_not_in_its_way() -> None:
    port = free_udp_port()
    assert not ports.udp_port_is_served(ports.DEVICES_HOST, port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind((ports.DEVICES_HOST, port))
        assert ports.udp_port_is_served(ports.DEVICES_HOST, port)
        assert not ports.udp_port_is_served(ports.TRUNK_HOST, port)
    assert not ports.udp_port_is_served(ports.DEVICES_HOST, port)
