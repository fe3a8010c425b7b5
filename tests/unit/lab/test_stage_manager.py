"""What the lab's hand on the manager interface says and understands."""

import pytest

from ami.lab.pbx import LabError
from ami.lab.stage_manager import answer, messages, request

LIST = b"""Response: Success\r
EventList: start\r
\r
Event: CoreShowChannel\r
Channel: PJSIP/1001-00000001\r
\r
Event: CoreShowChannelsComplete\r
EventList: Complete\r
\r
Event: Newchannel\r
\r
"""


def said(text):
    return answer(messages(text.splitlines(keepends=True)))


def test_a_header_of_several_values_is_said_several_times():
    assert request("Originate", Variable=["A=1", "B=2"]) == (
        b"Action: Originate\r\nVariable: A=1\r\nVariable: B=2\r\n\r\n"
    )


def test_a_header_that_would_begin_another_line_is_refused():
    with pytest.raises(LabError, match="two lines"):
        request("Hangup", Channel="x\r\nAction: Command")


def test_a_list_is_heard_to_its_end_and_no_further():
    assert [message.get("Event") for message in said(LIST)] == [
        None,
        "CoreShowChannel",
        "CoreShowChannelsComplete",
    ]


def test_what_everybody_hears_before_the_response_is_passed_over():
    greeting = b"Event: FullyBooted\r\n\r\nResponse: Error\r\nMessage: No such channel\r\n\r\n"
    assert list(said(greeting)) == [{"Response": "Error", "Message": "No such channel"}]


def test_a_manager_that_hangs_up_in_its_list_is_noticed():
    with pytest.raises(LabError, match="hung up"):
        list(said(LIST[:60]))


def test_several_lines_of_one_header_are_kept_together():
    output = b"Response: Success\r\nOutput: one\r\nOutput: two\r\n\r\n"
    assert next(said(output))["Output"] == "one\ntwo"
