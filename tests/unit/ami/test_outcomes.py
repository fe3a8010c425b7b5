"""What Asterisk says about a command, in the few words that screens know."""

import pytest

from ami.client.outcome import ActionFailedError, ActionTimeoutError, NotConnectedError
from ami.outcomes import failed, of_originate


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Extension does not exist.", "bad_number"),
        ("No such channel", "gone"),
        ("Channel specified does not exist", "gone"),
        ("Channel does not exist: PJSIP/1001-000000ff", "gone"),
        ("Permission denied", "not_allowed"),
        ("Invalid/unknown command: PlayDTMF. Use Action: ListCommands", "unsupported"),
        ("Cannot set mute flag", "refused"),
    ],
)
def test_a_refusal_is_told_by_its_words(said, why):
    outcome = failed("pbx1", ActionFailedError("Atxfer", said))
    assert (outcome.ok, outcome.why) == (False, why)
    assert said in outcome.detail


def test_a_pbx_that_is_silent_or_gone_is_away():
    assert failed("pbx1", ActionTimeoutError("no answer in 4 s")).why == "pbx_away"
    assert failed("pbx1", NotConnectedError("the link broke")).why == "pbx_away"


@pytest.mark.parametrize(
    ("cause", "why"), [("17", "busy"), ("21", "declined"), ("19", "no_answer"), ("127", "refused")]
)
def test_the_own_phone_says_itself_why_it_did_not_take_the_call(cause, why):
    failure = {"Response": "Failure", "Reason": "0"}
    assert of_originate(failure, {"Cause": cause}).why == why


def test_a_phone_without_a_channel_is_not_signed_in():
    assert of_originate({"Response": "Failure", "Reason": "0"}, None).why == "unreachable"
    assert of_originate({"Response": "Failure", "Reason": "3"}, None).why == "no_answer"
    assert of_originate({"Response": "Success", "Reason": "4"}, None).ok
