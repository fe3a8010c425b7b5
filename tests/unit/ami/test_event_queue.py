"""The one queue between reader and consumer."""

from __future__ import annotations

import asyncio

from ami.client.event_queue import EventQueue, Mark


def test_events_and_marks_come_out_in_order() -> None:
    """P10."""
    queue = EventQueue()
    queue.put(b"1")
    queue.mark(Mark.LINK_UP)
    queue.put(b"2")
    assert queue.take(2) == [b"1", Mark.LINK_UP]
    assert queue.take(9) == [b"2"]


def test_what_does_not_fit_is_counted_and_a_gap_stands_in_its_place() -> None:
    """P9."""
    queue = EventQueue(capacity=2)
    for n in range(5):
        queue.put(b"%d" % n)
    assert queue.dropped == 3
    assert queue.take(1) == [b"0"]
    queue.put(b"late: dropped too, for it comes after what is missing")
    assert queue.take(9) == [b"1", Mark.GAP]
    queue.put(b"5")
    assert queue.take(9) == [b"5"]


def test_a_new_link_ends_an_overflow_without_a_gap() -> None:
    queue = EventQueue(capacity=1)
    queue.put(b"0")
    queue.put(b"1")
    queue.mark(Mark.LINK_UP)
    assert queue.take(9) == [b"0", Mark.LINK_UP]


def test_a_waiting_consumer_wakes_at_the_first_event() -> None:
    async def check() -> None:
        queue = EventQueue()
        waiting = asyncio.ensure_future(queue.wait())
        await asyncio.sleep(0)
        assert not waiting.done()
        queue.put(b"1")
        await asyncio.wait_for(waiting, 5)

    asyncio.run(check())
