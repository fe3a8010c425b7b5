"""pyst2's vocabulary on our wire. Each fault of pyst2's that we met has a test."""

from __future__ import annotations

import signal
from contextlib import suppress

import pytest
from asterisk.agi import (
    AGIAppError,
    AGIDBError,
    AGIInvalidCommand,
    AGIResultHangup,
    AGIUnknownError,
    AGIUsageError,
)

from agi_scripts.replies import ReplyReader
from agi_scripts.wire import UnsafeValueError, Vocabulary, quote

OK = "200 result=1"


def replies(*lines: str) -> list:
    reader = ReplyReader()
    return [reply for line in lines if (reply := reader.feed(line.encode())) is not None]


def converse(say, *lines: str):
    """What `say` sends and returns when Asterisk answers `lines`."""
    words = Vocabulary({"agi_context": "from-trunk", "agi_extension": "100", "agi_priority": "4"})
    heard, sent = replies(*lines), []
    conversation = words.converse(lambda: say(words))
    try:
        line = next(conversation)
        for reply in heard:
            sent.append(line)
            line = conversation.send(reply)
    except StopIteration as done:
        return [line.decode() for line in sent], done.value
    raise AssertionError("it wants more replies than there are")


def sent_by(say, *lines: str) -> list[str]:
    return converse(say, *(lines or (OK,)))[0]


def test_building_the_vocabulary_touches_no_signal_and_no_stream(capsys):
    before = signal.getsignal(signal.SIGHUP)
    Vocabulary({})
    assert signal.getsignal(signal.SIGHUP) is before
    assert capsys.readouterr() == ("", "")


def test_nothing_that_is_said_or_heard_is_printed(capsys):
    converse(lambda agi: agi.get_variable("CARD"), "200 result=1 (4111111111111111)")
    assert capsys.readouterr() == ("", "")


def test_commands_are_lines_of_bytes():
    words = Vocabulary({})
    line = next(words.converse(lambda: words.set_variable("CRM_ROUTE", "queue-vip")))
    assert line == b'SET VARIABLE "CRM_ROUTE" "queue-vip"\n'


@pytest.mark.parametrize(
    ("say", "line"),
    [
        (lambda agi: agi.answer(), "ANSWER\n"),
        (lambda agi: agi.hangup(), "HANGUP\n"),
        (lambda agi: agi.verbose("ready"), 'VERBOSE "ready" 1\n'),
        (lambda agi: agi.stream_file("beep", "12"), 'STREAM FILE beep "12" 0\n'),
        (lambda agi: agi.stream_file("two words"), 'STREAM FILE "two words" "" 0\n'),
        (lambda agi: agi.set_callerid("Jan Nowak <1>"), 'SET CALLERID "Jan Nowak <1>"\n'),
        (lambda agi: agi.set_context("a b"), 'SET CONTEXT "a b"\n'),
        (lambda agi: agi.exec_command("Playback", "a", "b"), 'EXEC Playback "a,b"\n'),
        (lambda agi: agi.get_data("beep", 100, 4), "GET DATA beep 100 4\n"),
        (lambda agi: agi.say_datetime(5, zone="UTC"), 'SAY DATETIME 5 "" "" UTC\n'),
        (
            lambda agi: agi.set_variable("CRM_REASON", "a\\b"),
            'SET VARIABLE "CRM_REASON" "a\\\\b"\n',
        ),
    ],
)
def test_every_argument_is_one_argument_to_asterisk(say, line):
    assert sent_by(say, "200 result=0") == [line]


@pytest.mark.parametrize("evil", ['a"b', "a\nEXEC System x", "a\rb", "a\0b", "a\x1bb", "\ud800"])
@pytest.mark.parametrize(
    "say",
    [
        lambda agi, evil: agi.set_variable("CRM_REASON", evil),
        lambda agi, evil: agi.verbose(evil),
        lambda agi, evil: agi.stream_file(evil),
        lambda agi, evil: agi.set_callerid(evil),
        lambda agi, evil: agi.set_context(evil),
        lambda agi, evil: agi.exec_command("Playback", evil),
        lambda agi, evil: agi.appexec("Playback", evil),
        lambda agi, evil: agi.database_get("family", evil),
        lambda agi, evil: agi.get_variable(evil),
        lambda agi, evil: agi.hangup(evil),
    ],
)
def test_a_value_that_could_say_more_is_refused_and_not_repeated(say, evil):
    with pytest.raises(UnsafeValueError) as refusal:
        sent_by(lambda agi: say(agi, evil))
    assert evil not in str(refusal.value)


def test_only_our_own_variables_can_be_set():
    for name in ("CALLERID(num)", "SHELL(reboot)", "CRM_ROUTE,1", "__CRM_ROUTE", "crm_route"):
        with pytest.raises(UnsafeValueError):
            sent_by(lambda agi, name=name: agi.set_variable(name, "x"))


def test_an_expression_that_asterisk_would_evaluate_is_refused():
    for name in ("${SHELL(id)}", "${A}${B}", "A"):
        with pytest.raises(UnsafeValueError):
            sent_by(lambda agi, name=name: agi.get_full_variable(name))
    assert sent_by(lambda agi: agi.get_full_variable("${EXTEN}")) == [
        'GET FULL VARIABLE "${EXTEN}"\n'
    ]


@pytest.mark.parametrize("application", ["System", "TrySystem", "Originate", "Dial", "Exec", "AGI"])
def test_an_application_that_could_do_harm_is_refused(application):
    with pytest.raises(UnsafeValueError):
        sent_by(lambda agi: agi.exec_command(application, "x"))


def test_a_comma_cannot_add_an_argument_to_an_application():
    with pytest.raises(UnsafeValueError):
        sent_by(lambda agi: agi.exec_command("Playback", "beep,noanswer"))


def test_a_command_longer_than_asterisk_reads_is_refused():
    with pytest.raises(UnsafeValueError):
        sent_by(lambda agi: agi.verbose("x" * 5000))


def test_a_method_of_several_commands_gets_each_its_reply():
    sent = sent_by(lambda agi: agi.goto_on_exit(extension="200"), "200 result=0", OK, OK)
    assert sent == ["SET CONTEXT from-trunk\n", "SET EXTENSION 200\n", "set priority 4\n"]


def test_a_key_is_quoted_once_so_that_it_is_found():
    sent, value = converse(lambda agi: agi.database_get("crm", "key"), "200 result=1 (a value)")
    assert (sent, value) == (['DATABASE GET "crm" "key"\n'], "a value")
    with pytest.raises(AGIDBError):
        converse(lambda agi: agi.database_get("crm", "key"), "200 result=0")


@pytest.mark.parametrize(
    "value", ["x result=-1 y", "result=-1", "hangup", "(a)", "a) b", "a=b (c)"]
)
def test_a_value_is_only_a_value_whatever_it_looks_like(value):
    _, got = converse(lambda agi: agi.get_variable("V"), f"200 result=1 ({value})")
    assert got == value


def test_a_value_of_several_lines_is_one_reply():
    assert converse(lambda agi: agi.get_variable("V"), "200 result=1 (one", "two)")[1] == "one\ntwo"


def test_an_unset_variable_is_empty():
    assert converse(lambda agi: agi.get_variable("V"), "200 result=0")[1] == ""


def test_a_digit_that_ended_the_prompt_comes_back():
    assert converse(lambda agi: agi.stream_file("beep"), "200 result=53 endpos=4000")[1] == "5"
    assert converse(lambda agi: agi.stream_file("beep"), "200 result=0 endpos=4000")[1] == ""


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (["200 result=-1"], AGIAppError),
        (["200 result=-1 endpos=0"], AGIAppError),
        (["200 result=0 (hangup) endpos=5"], AGIResultHangup),
        (["510 Invalid or unknown command"], AGIInvalidCommand),
        (["511 Command Not Permitted on a dead channel or intercept routine"], AGIResultHangup),
        (["511-Command Not Permitted", "on a dead channel", "511 End"], AGIResultHangup),
        (["520 Invalid command syntax.  Proper usage not available."], AGIUsageError),
        (
            ["520-Invalid command syntax.", "Usage: NOOP", "", "520 End of proper usage."],
            AGIUsageError,
        ),
        (["200 nonsense"], AGIUnknownError),
        (["666 result=0"], AGIUnknownError),
    ],
)
def test_a_refusal_raises_pyst2_s_error_for_it(lines, error):
    with pytest.raises(error):
        converse(lambda agi: agi.stream_file("beep"), *lines)


def test_hangup_is_noted_and_is_never_taken_for_a_reply():
    reader = ReplyReader()
    assert reader.feed(b"HANGUP") is None
    assert reader.hung_up
    assert reader.feed(b"200 result=1").code == 200


def test_trying_is_no_reply():
    assert replies("100 result=0 Trying...", OK) == replies(OK)


def test_a_usage_text_without_end_is_garbage_before_it_fills_the_memory():
    reader = ReplyReader()
    reader.feed(b"520-Invalid command syntax.")
    with pytest.raises(ValueError, match="does not end"):
        [reader.feed(b"and so on") for _ in range(1000)]


@pytest.mark.parametrize("line", [b"", b"hello", b"20 result=1", b"\xff\xfe", b"2000 result=1"])
def test_a_line_that_is_no_reply_is_garbage(line):
    with pytest.raises(ValueError, match="no AGI reply"):
        ReplyReader().feed(line)


def test_a_reply_that_is_no_utf_8_is_read_with_marks_in_place():
    assert replies_of(b"200 result=1 (\xff)") == "result=1 (\ufffd)"


def replies_of(line: bytes) -> str:
    return ReplyReader().feed(line).text


def test_quote_leaves_cyrillic_alone():
    assert quote("Иванов") == '"Иванов"'


def set_all(values, *lines: str) -> list[str]:
    words = Vocabulary({})
    conversation = words.set_variables(values)
    sent = [next(conversation).decode()]
    with suppress(StopIteration):
        for reply in replies(*lines):
            sent.append(conversation.send(reply).decode())  # noqa: PERF401  # its end is an exception
    return sent


def test_plain_values_are_set_by_one_command_in_their_order():
    values = {"CRM_PRIORITY": 20, "CRM_RINGS": "1003:15|1001&1002:20", "CRM_ROUTE": "queue-vip"}
    line = 'EXEC MSet "CRM_PRIORITY=20,CRM_RINGS=1003:15|1001&1002:20,CRM_ROUTE=queue-vip"\n'
    assert set_all(values, "200 result=0") == [line]


@pytest.mark.parametrize("odd", ["a,CRM_ROUTE=blocked", "a(b", "a b", "${X}", "a\\b", "'a"])
def test_a_value_that_mset_would_take_apart_is_set_alone(odd):
    lines = set_all({"CRM_REASON": "known", "CRM_SAY": odd}, OK, OK)
    assert [line[:12] for line in lines] == ["SET VARIABLE"] * 2


def test_many_variables_and_long_ones_are_set_one_by_one():
    long = {"CRM_SAY": "x" * 1500, "CRM_SAY_AFTER": "y" * 600}
    assert Vocabulary({}).together(long) is None


def test_setting_all_refuses_a_variable_that_is_not_ours_before_anything_is_said():
    with pytest.raises(UnsafeValueError):
        set_all({"CRM_ROUTE": "", "CALLERID(num)": "1"})


@pytest.mark.parametrize(("name", "value"), [("CRM_MENU", "1,2"), ("SHELL", "1"), ("CRM_X", "$")])
def test_a_note_for_the_ledger_is_one_of_our_names_and_a_plain_word(name, value):
    assert sent_by(lambda agi: agi.note("CRM_MENU", "1")) == ['EXEC CELGenUserEvent "CRM_MENU,1"\n']
    with pytest.raises(UnsafeValueError):
        sent_by(lambda agi: agi.note(name, value))


def test_nothing_to_set_says_nothing():
    assert list(Vocabulary({}).set_variables({})) == []
