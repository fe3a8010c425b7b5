"""What of the ledger's records is a row, and why another is not."""

from __future__ import annotations

import pytest

from ami.ledger.rows import Refused, Row, origin_of
from callcenter.pbx.ledger_columns import CEL_HEADER
from tests.support.ledger import NOON, NOW, line, read_rows

GOOD = line("CHAN_START", NOON, "pbx1-1.0", cid_name='Ann "Q", Kowalska')


def reasons(data: bytes) -> list[str]:
    return [row.reason for row in read_rows(data) if isinstance(row, Refused)]


def test_a_row_has_its_fields_by_name() -> None:
    (row,) = read_rows(GOOD.encode() + b"\n")
    assert isinstance(row, Row)
    assert row.cells["cid_name"] == 'Ann "Q", Kowalska'
    assert (row.event, row.uniqueid, row.line) == ("CHAN_START", "pbx1-1.0", GOOD)


def test_a_row_of_titles_is_passed_over() -> None:
    assert len(read_rows(f"{CEL_HEADER}\n{GOOD}\n".encode())) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        b"Nov 22 12:00:00 pbx kernel: out of memory\n",
        b'"a","b","c"\n',
        b"\x00\xff\xfe\x01\n",
        line("CHAN_START", NOON, "").encode() + b"\n",
        line("", NOON, "pbx1-1.0").encode() + b"\n",
        line("CHAN_START", NOON, "pbx1-1.0", eventtime="yesterday").encode() + b"\n",
        line("CHAN_START", NOON, "pbx1-1.0").encode() + b',"one more"\n',
    ],
)
def test_what_is_no_row_is_set_aside_and_the_next_one_read(wrong: bytes) -> None:
    assert reasons(wrong + GOOD.encode() + b"\n") == ["not_cel"]
    assert len(read_rows(wrong + GOOD.encode() + b"\n")) == 2


def test_a_row_from_the_future_is_set_aside() -> None:
    late = line("CHAN_START", NOW.timestamp() + 3700, "pbx1-1.0")
    assert reasons(late.encode() + b"\n") == ["future"]


def test_a_clock_that_is_a_little_ahead_is_believed() -> None:
    ahead = line("CHAN_START", NOW.timestamp() + 1800, "pbx1-1.0")
    assert reasons(ahead.encode() + b"\n") == []


def test_a_torn_record_with_a_whole_one_behind_it_costs_only_itself() -> None:
    """The torn one ends between two fields, so that its quotes are even."""
    torn = GOOD[: GOOD.index(",", 30) + 1]
    first, second = read_rows(f"{torn}{GOOD}\n".encode())
    assert isinstance(first, Refused)
    assert (first.reason, first.line) == ("torn", torn)
    assert isinstance(second, Row)
    assert second.place.offset == len(torn)


def test_a_line_is_kept_on_one_line() -> None:
    (row,) = read_rows(line("CHAN_START", NOON, "pbx1-1.0", cid_num="1\n2\u20283").encode() + b"\n")
    assert isinstance(row, Row)
    assert len(row.line.splitlines()) == 1


@pytest.mark.parametrize(
    ("uniqueid", "told"),
    [
        ("1795348800.12", ("", 1795348800, 12)),
        ("pbx1-1795348800.12", ("pbx1", 1795348800, 12)),
        ("eu-west-1-1795348800.0", ("eu-west-1", 1795348800, 0)),
    ],
)
def test_a_uniqueid_tells_where_and_when_a_channel_was_made(
    uniqueid: str, told: tuple[str, int, int]
) -> None:
    origin = origin_of(uniqueid)
    assert origin is not None
    assert (origin.system, origin.epoch, origin.counter) == told


def test_an_id_of_our_own_making_tells_nothing() -> None:
    assert origin_of("click-7b21c0de-1") is None
