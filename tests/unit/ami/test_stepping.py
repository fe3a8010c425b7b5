"""What a supervisor's wishes become as manager actions, and what is refused before."""

from __future__ import annotations

import pytest

from ami.command_values import RefusedError
from ami.stepping import _begun_or_over, _extension, _shown, front, number_in_queue
from callcenter.ports import PbxCommand


def test_a_name_for_the_display_cannot_end_its_header() -> None:
    command = PbxCommand(action="step_in", arguments={"name": 'Anna" <1>\r\nVariable: x=1'})
    assert _shown(command) == "Anna 1Variable: x=1"


def test_the_phone_shows_whom_one_listens_to() -> None:
    command = PbxCommand(action="step_in", arguments={"channel": "PJSIP/web1001-00000a1f"})
    assert _extension(command) == "1001"


@pytest.mark.parametrize("queue", ["", "support\r\nAction: Hangup", "a b", "x" * 81])
def test_what_is_no_queue_goes_nowhere(queue: str) -> None:
    with pytest.raises(RefusedError):
        number_in_queue(PbxCommand(action="raise_priority", arguments={"queue": queue}))


def test_the_first_place_is_within_what_a_queue_can_hold() -> None:
    assert front(1_700_000_000) == 9_900_000 + 3_837_493_647 - 1_700_000_000
    assert front(1_000_000_000) == 2**31 - 1


def test_only_the_own_phone_s_listening_counts_as_begun() -> None:
    test = _begun_or_over("crm-step-1")
    assert test({"Event": "ChanSpyStart", "SpyerUniqueid": "crm-step-1"})
    assert test({"Event": "Hangup", "Uniqueid": "crm-step-1"})
    assert not test({"Event": "ChanSpyStart", "SpyerUniqueid": "crm-step-2"})
    assert not test({"Event": "Hangup", "Uniqueid": "1.1"})
