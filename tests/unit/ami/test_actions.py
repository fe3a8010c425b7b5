"""Actions: what may travel, and when an answer is complete."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from panoramisk.message import Message

from ami.client.actions import GuardedAction, check_headers
from ami.client.outcome import InvalidActionError


@pytest.mark.parametrize("bad", ["a\r\nAction: Command", "a\nb", "a\rb", "nul\0"])
def test_a_value_with_a_line_break_or_nul_is_refused_and_not_repeated_in_words(bad: str) -> None:
    """P13."""
    with pytest.raises(InvalidActionError) as caught:
        check_headers({"Action": "Login", "Secret": bad})
    assert "Secret" in str(caught.value)
    assert bad not in str(caught.value)


def test_a_bad_value_inside_a_list_is_refused() -> None:
    """P13."""
    with pytest.raises(InvalidActionError):
        check_headers({"Action": "Originate", "Variable": ["A=1", "B=2\r\nAction: Logoff"]})


def test_a_header_name_cannot_carry_another_header() -> None:
    """P13."""
    with pytest.raises(InvalidActionError):
        check_headers({"Action": "Ping", "X: 1\r\nAction": "Logoff"})


def test_lines_and_headers_that_asterisk_would_cut_are_refused() -> None:
    with pytest.raises(InvalidActionError):
        check_headers({"Action": "Ping", "X": "я" * 600})
    with pytest.raises(InvalidActionError):
        check_headers({"Action": "Ping", "Variable": [f"V{n}=1" for n in range(200)]})


def _run(test: Callable[[], None]) -> None:
    async def inside() -> None:
        test()

    asyncio.run(inside())


def test_a_cancelled_list_completes() -> None:
    """P12."""

    def check() -> None:
        action = GuardedAction({"Action": "CoreShowChannels"})
        assert not action.add_message(Message({"Response": "Success", "EventList": "start"}))
        assert not action.add_message(Message({"Event": "CoreShowChannel"}))
        assert action.add_message(
            Message({"Event": "CoreShowChannelsComplete", "EventList": "cancelled"})
        )
        assert len(action.future.result()) == 3

    _run(check)


def test_a_plain_response_completes_at_once() -> None:
    def check() -> None:
        action = GuardedAction({"Action": "QueueAdd"})
        assert action.add_message(
            Message({"Response": "Success", "Message": "Added interface to queue"})
        )

    _run(check)


def test_an_async_originate_completes_with_its_outcome() -> None:
    """P11."""

    def check() -> None:
        action = GuardedAction({"Action": "Originate", "Async": "true"})
        queued = {"Response": "Success", "Message": "Originate successfully queued"}
        assert not action.add_message(Message(queued))
        assert action.add_message(Message({"Event": "OriginateResponse", "Response": "Failure"}))

    _run(check)
