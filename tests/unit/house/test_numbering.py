"""A subscriber notices every loss and delivers nothing twice."""

from __future__ import annotations

import pytest

from callcenter.realtime.numbering import Envelope, Numbering


def judge(numbers: list[int | str]) -> list[str]:
    """Numbers are messages; a number as text is a heartbeat."""
    numbering = Numbering()
    return [
        numbering.judge(Envelope("p", int(n), None if isinstance(n, str) else "{}"))
        for n in numbers
    ]


@pytest.mark.parametrize(
    ("numbers", "verdicts"),
    [
        ([1, 2, 3], ["deliver"] * 3),
        ([1, 3], ["deliver", "gap_then_deliver"]),
        ([1, 1, 2], ["deliver", "duplicate", "deliver"]),
        ([5, 6], ["gap_then_deliver", "deliver"]),
        (["0", 1, "1", "2"], ["nothing", "deliver", "nothing", "gap"]),
        ([1, "3", 4], ["deliver", "gap", "deliver"]),
    ],
)
def test_every_loss_is_a_gap(numbers: list[int | str], verdicts: list[str]) -> None:
    assert judge(numbers) == verdicts


def test_publishers_are_counted_apart() -> None:
    numbering = Numbering()
    first, second = Envelope("a", 1, "{}"), Envelope("b", 1, "{}")
    assert numbering.judge(first) == numbering.judge(second) == "deliver"


def test_publishers_long_gone_are_forgotten() -> None:
    numbering = Numbering()
    for number in range(3_000):
        numbering.judge(Envelope(f"p{number}", 1, "{}"))
    assert numbering.judge(Envelope("p0", 1, "{}")) == "deliver"
    assert numbering.judge(Envelope("p2999", 1, "{}")) == "duplicate"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"p":1}', b"\xff", b'{"p":"x","n":"y","b":1}']
)
def test_rubbish_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"envelope|invalid literal"):
        Envelope.from_bytes(data)


def test_an_envelope_survives_the_way() -> None:
    envelope = Envelope("p", 7, '{"text":"Żółć"}')
    assert Envelope.from_bytes(envelope.to_bytes()) == envelope
