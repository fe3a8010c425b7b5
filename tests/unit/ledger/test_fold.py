"""Rows of the ledger become whole calls: each once, when it is over and quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ami.cel import LEDGER_SILENT
from ami.ledger.fold import GRACE_SECONDS
from tests.support.ledger import NOON, answered_call, feed, fold, line, lost_call

LATER = GRACE_SECONDS + 1
START = datetime.fromtimestamp(NOON, UTC)


def test_a_call_is_told_when_it_is_over_and_quiet() -> None:
    folder = fold(answered_call(0))
    assert list(folder.take(GRACE_SECONDS - 1)) == []
    (call,) = folder.take(LATER)
    assert (call.record.result, call.record.talk_seconds) == ("answered", 10.0)
    assert len(call.lines) == len(answered_call(0))
    assert not call.record.live


def test_a_call_is_told_once() -> None:
    folder = fold(answered_call(0))
    assert len(list(folder.take(LATER))) == 1
    assert list(folder.take(LATER * 2)) == []


def test_a_call_that_goes_on_is_not_told() -> None:
    folder = fold(answered_call(0)[:-4])
    assert list(folder.take(1000.0)) == []


def test_who_reads_an_old_file_need_not_wait() -> None:
    """Quiet by the ledger's own clock: another call began a good while later."""
    folder = fold([*answered_call(0), *lost_call(2, NOON + 300)])
    assert [call.record.result for call in folder.take(0.0)] == ["answered"]


def test_doubled_lines_change_nothing() -> None:
    (once,) = fold(answered_call(0)).take(LATER)
    doubled = [one for one in answered_call(0) for _ in range(2)]
    (twice,) = fold(doubled).take(LATER)
    assert twice == once


def test_a_doubled_line_of_a_told_call_does_not_tell_it_again() -> None:
    folder = fold(answered_call(0))
    list(folder.take(LATER))
    feed(folder, answered_call(0), LATER)
    assert list(folder.take(LATER * 3)) == []


def test_a_late_row_tells_the_whole_call_again() -> None:
    lines = answered_call(0)
    late = lines.pop(5)
    folder = fold(lines)
    list(folder.take(LATER))
    feed(folder, [late], LATER)
    (again,) = folder.take(LATER * 3)
    (whole,) = fold(answered_call(0)).take(LATER)
    assert again.record == whole.record
    assert set(again.lines) == set(whole.lines)


def test_calls_at_once_are_told_apart() -> None:
    one, other = answered_call(0), lost_call(2)
    mixed = [*one[:3], *other[:1], *one[3:], *other[1:]]
    results = [call.record.result for call in fold(mixed).take(LATER)]
    assert sorted(results) == ["abandoned", "answered"]


def test_where_nobody_was_on_any_channel_there_is_no_call() -> None:
    local = {"channame": "Local/100@crm-00000000;1"}
    lines = [
        line("CHAN_START", NOON, "pbx1-1.0", **local),
        line("HANGUP", NOON + 1, "pbx1-1.0", **local),
    ]
    folder = fold(lines)
    assert list(folder.take(LATER)) == []
    assert folder.mark() is None


def test_reading_begins_again_at_the_oldest_call_that_was_not_told() -> None:
    folder = fold([*lost_call(0), *answered_call(2)[:4]])
    list(folder.take(LATER))
    mark = folder.mark()
    assert mark is not None
    assert mark.offset == sum(len(one) + 1 for one in lost_call(0))
    feed(folder, answered_call(2)[4:], LATER)
    list(folder.take(LATER * 3))
    assert folder.mark() is None


def test_a_torn_hangup_leaves_the_end_of_its_channel_to_another_row() -> None:
    lines = [one for one in answered_call(0) if not one.startswith('"HANGUP"')]
    (call,) = fold(lines).take(LATER)
    assert call.record.ended_at == START + timedelta(seconds=12)


# -- a call that never ends ------------------------------------------------------------------------


def test_a_call_that_is_open_for_half_a_day_holds_up_nothing() -> None:
    folder = fold([*answered_call(0)[:7], *lost_call(2, NOON + 13 * 3600)])
    told = {call.record.live: call for call in folder.take(LATER)}
    assert set(told) == {True, False}
    assert told[True].record.result == "answered"
    assert folder.mark() is None


def test_what_comes_of_such_a_call_later_tells_it_again() -> None:
    folder = fold([*answered_call(0)[:7], *lost_call(2, NOON + 13 * 3600)])
    list(folder.take(LATER))
    feed(folder, answered_call(0, talk=14 * 3600)[7:], LATER)
    (call,) = folder.take(LATER * 3)
    assert not call.record.live
    assert call.record.talk_seconds == 14 * 3600


# -- Asterisk dies ---------------------------------------------------------------------------------


def test_a_counter_that_begins_anew_ends_every_channel_of_before() -> None:
    folder = fold([*lost_call(7), *answered_call(8)[:7]])
    feed(folder, lost_call(0, NOON + 60), 1.0)
    calls = {call.record.id: call for call in folder.take(LATER)}
    died = calls[f"pbx1/pbx1-{NOON}.8"]
    assert not died.record.live
    assert died.record.ended_at == START + timedelta(seconds=2)
    assert died.lines[-1].startswith(f'"{LEDGER_SILENT}"')
    assert calls[f"pbx1/pbx1-{NOON + 60}.0"].record.ended_at == START + timedelta(seconds=64)


def test_the_first_calls_of_the_new_life_go_on() -> None:
    """The first one comes within a second of the last one before: only the next one shows it."""
    folder = fold([*lost_call(7), *answered_call(8)[:7]])
    feed(folder, answered_call(0, NOON + 1)[:7], 1.0)
    feed(folder, lost_call(2, NOON + 60), 1.0)
    told = {call.record.id for call in folder.take(LATER)}
    assert f"pbx1/pbx1-{NOON}.8" in told
    assert f"pbx1/pbx1-{NOON + 1}.0" not in told


def test_rows_of_channels_born_together_may_change_places() -> None:
    caller, desk = answered_call(0)[:7], answered_call(2, NOON + 1)[:7]
    folder = fold([*desk, *caller])
    assert list(folder.take(LATER)) == []


def test_a_clock_that_is_put_forward_ends_nothing() -> None:
    folder = fold([*answered_call(0)[:7], *answered_call(4, NOON + 3600)])
    assert [call.record.id for call in folder.take(LATER)] == [f"pbx1/pbx1-{NOON + 3600}.4"]


def test_what_the_pbx_no_longer_has_ended_unseen() -> None:
    folder = fold(answered_call(0)[:7])
    assert folder.end_unseen(frozenset({f"pbx1-{NOON}.1"}), read_before=1.0) == 0
    assert folder.end_unseen(frozenset({"pbx1-99.9"}), read_before=1.0) == 1
    (call,) = folder.take(LATER)
    assert not call.record.live
    assert call.record.ended_at == START + timedelta(seconds=2)


def test_what_was_read_after_the_pbx_was_asked_is_not_judged() -> None:
    folder = fold(answered_call(0)[:7], now=5.0)
    assert folder.end_unseen(frozenset(), read_before=5.0) == 0


def test_an_end_that_is_read_after_all_counts() -> None:
    folder = fold(answered_call(0)[:7])
    folder.end_unseen(frozenset(), read_before=1.0)
    list(folder.take(LATER))
    feed(folder, answered_call(0)[7:], LATER)
    (call,) = folder.take(LATER * 3)
    assert call.record.ended_at == START + timedelta(seconds=12)
    assert call.record.talk_seconds == 10.0


def test_a_uniqueid_that_comes_again_after_a_reinstall_joins_no_strangers() -> None:
    folder = fold(lost_call(0))
    list(folder.take(LATER))
    again = [one.replace(f'"{NOON}.', f'"{NOON + 90_000}.') for one in lost_call(0)]
    again = [one.replace(f'"{NOON + 4}.', f'"{NOON + 90_004}.') for one in again]
    feed(folder, again, LATER)
    (call,) = folder.take(LATER * 3)
    assert call.record.started_at == START + timedelta(seconds=90_000)
    assert len(call.lines) == len(again)


def test_what_was_open_when_the_pbx_died_lasted_until_it_was_heard_of_last() -> None:
    """The manager link tells when it booted; no call has come since."""
    folder = fold([*answered_call(0)[:7], *lost_call(2, NOON + 5)])
    assert folder.end_before_boot(START + timedelta(seconds=30)) == 1
    calls = {call.record.id: call for call in folder.take(LATER)}
    died = calls[f"pbx1/pbx1-{NOON}.0"]
    assert died.record.ended_at == START + timedelta(seconds=9)
    assert (died.record.result, died.record.talk_seconds) == ("answered", 7.0)
    assert not died.record.end_seen


def test_what_was_told_after_the_boot_goes_on() -> None:
    folder = fold(answered_call(0)[:7])
    assert folder.end_before_boot(START - timedelta(seconds=30)) == 0
    assert list(folder.take(LATER)) == []


def test_a_call_whose_last_rows_could_not_be_written_ends_as_others_saw_it() -> None:
    folder = fold([*answered_call(0)[:7], *lost_call(2, NOON + 600)])
    (silent,) = folder.silent_calls(700.0, 600.0)
    assert folder.silent_calls(500.0, 600.0) == set()
    assert folder.end_silent({silent}) == 1
    ended = {call.record.ended_at for call in folder.take(LATER)}
    assert START + timedelta(seconds=2) in ended
