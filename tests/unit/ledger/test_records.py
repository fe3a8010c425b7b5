"""Where a record of the ledger ends, whatever a crash or a caller has done to the file."""

from __future__ import annotations

from ami.ledger.records import LONGEST
from tests.support.ledger import NOON, line, split

ONE = line("CHAN_START", NOON, "pbx1-1.0", cid_name="Anna").encode()
TORN = ONE[: ONE.index(b'nna"')]
"""In the middle of a field: its quotes are odd."""
TWO = line("HANGUP", NOON + 1, "pbx1-1.0", extra='{"hangupcause": 16}').encode()


def test_each_line_is_a_record() -> None:
    assert split(ONE + b"\n" + TWO + b"\n") == [(ONE, ""), (TWO, "")]


def test_a_half_line_waits_for_its_rest() -> None:
    assert split(TORN) == []
    assert split(TORN, ONE[len(TORN) :] + b"\n") == [(ONE, "")]


def test_a_line_without_its_end_is_no_record_yet() -> None:
    assert split(ONE) == []


def test_a_half_line_with_a_new_one_behind_it_is_torn() -> None:
    assert split(TORN + b"\n" + TWO + b"\n") == [(TORN, "torn"), (TWO, "")]


def test_a_record_in_the_same_line_behind_a_torn_one_is_found() -> None:
    assert split(TORN + TWO + b"\n") == [(TORN, "torn"), (TWO, "")]


def test_a_line_end_that_a_caller_put_into_a_name_ends_nothing() -> None:
    """Asterisk 22.10.1 writes `%0a` of a SIP address as it is."""
    odd = line("CHAN_START", NOON, "pbx1-1.0", cid_num="+48600\n100101").encode()
    assert split(odd + b"\n" + TWO + b"\n") == [(odd, ""), (TWO, "")]


def test_a_caller_cannot_write_a_record_of_their_own() -> None:
    forged = f"x\n{line('HANGUP', NOON, 'pbx1-1.0')}\ny"
    odd = line("CHAN_START", NOON, "pbx1-1.0", cid_num=forged).encode()
    assert split(odd + b"\n") == [(odd, "")]


def test_nuls_after_a_crash_end_what_stood_before_them() -> None:
    assert split(TORN + b"\0" * 5000 + TWO + b"\n") == [(TORN, "torn"), (TWO, "")]


def test_an_endless_line_is_left_out_and_the_next_one_read() -> None:
    endless = [b'"CHAN_START","' + b"x" * LONGEST, b"x" * LONGEST, b"x\n"]
    (found, fault), rest = split(*endless, TWO + b"\n")
    assert (len(found), fault) == (LONGEST, "too_long")
    assert rest == (TWO, "")


def test_an_open_quote_swallows_no_more_than_its_own_record() -> None:
    assert split(b'"CHAN_START","1\n', TWO + b"\n", ONE + b"\n") == [
        (b'"CHAN_START","1', "torn"),
        (TWO, ""),
        (ONE, ""),
    ]
