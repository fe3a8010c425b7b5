"""Nothing that a caller can send reaches a command unescaped, wherever the bytes are cut."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agi_scripts.lines import GarbageError, LineBuffer
from agi_scripts.replies import Reply, ReplyReader
from agi_scripts.request import HeadReader
from agi_scripts.route import RouteScript
from agi_scripts.session import AgiSession
from agi_scripts.wire import UnsafeValueError, Vocabulary, quote
from callcenter.clock import SystemClock
from callcenter.customers.phone import NumberPlan
from callcenter.routing.facts import CallerFacts, CustomerFacts
from callcenter.routing.rules import RoutingTable
from callcenter.services.route_call import standing

SPICE = ['"', "\n", "\r", "\0", "\\", "${SHELL(id)}", "EXEC System x", ",", ";", "Ж", "'", "\x1b"]
FIELDS = ("callerid", "calleridname", "dnid", "extension", "uniqueid", "channel")
HOSTILE = st.lists(st.text(max_size=8) | st.sampled_from(SPICE), max_size=6).map("".join)
SAFE_COMMAND = re.compile(
    rb'EXEC MSet "CRM_CUSTOMER_ID=[0-9]*,CRM_PRIORITY=[0-9]+,CRM_LANGUAGE=[a-z]*,'
    rb'CRM_REASON=[a-z-]+,CRM_ROUTE=[a-z0-9-]*"\n'
)


class Callers:
    """A look-up that knows everybody, in one language."""

    def __init__(self, language: str) -> None:
        self._customer = CustomerFacts(customer_id=1, language=language)

    async def of(self, _number, _seconds):
        return CallerFacts(customers=(self._customer,))


class Asterisk:
    """Says yes to everything and keeps it."""

    hung_up = False

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def converse(self, conversation, *, last=False):
        try:
            line = next(conversation)
            while True:
                self.heard.append(line)
                line = conversation.send(Reply(200, "result=1"))
        except StopIteration as done:
            return done.value

    def close(self) -> None: ...


def head(fields: dict[str, str]) -> bytes:
    lines = "".join(f"agi_{name}: {value}\n" for name, value in fields.items())
    return (f"agi_network_script: route?pbx={fields['extension']}\n" + lines + "\n").encode(
        "utf-8", "surrogatepass"
    )


@given(
    st.fixed_dictionaries(dict.fromkeys(FIELDS, HOSTILE)),
    HOSTILE,
)
def test_no_caller_can_say_anything_to_asterisk(fields, language):
    asterisk, kept = Asterisk(), []
    script = RouteScript(
        plan_for=lambda _trunk: NumberPlan(),
        trunks=("PJSIP/trunk*",),
        look_around=standing(RoutingTable(), SystemClock().now()),
        callers=Callers(language),
        record=kept.append,
        clock=SystemClock(),
        once=None,
    )
    request = HeadReader().feed(head(fields))
    asyncio.run(script(AgiSession(request, asterisk, 0.0)))
    (said,) = asterisk.heard
    assert SAFE_COMMAND.fullmatch(said)
    assert all(value.isprintable() for value in (kept[0].pbx, kept[0].uniqueid, kept[0].dialed))


@given(HOSTILE)
def test_a_quoted_value_is_one_argument_or_is_refused(value):
    try:
        quoted = quote(value)
    except UnsafeValueError:
        return
    inside = quoted[1:-1]
    assert '"' not in inside
    assert inside.replace("\\\\", "").count("\\") == 0
    assert not re.search(r"[\x00-\x1f]", quoted)
    assert inside.replace("\\\\", "\\") == value


@given(
    st.sampled_from(["verbose", "stream_file", "set_callerid", "set_context", "hangup", "appexec"]),
    HOSTILE,
)
def test_a_command_is_always_one_line(method, value):
    words = Vocabulary({})
    try:
        line = next(words.converse(lambda: getattr(words, method)(value)))
    except UnsafeValueError:
        return
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=6))
def test_lines_do_not_depend_on_where_the_bytes_are_cut(data, cuts):
    whole, parts = LineBuffer(10_000), LineBuffer(10_000)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges)]
    assert [line for piece in pieces for line in parts.feed(piece)] == whole.feed(data)


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_any_bytes_are_a_head_or_garbage_but_never_an_accident(chunks):
    reader = HeadReader()
    for chunk in chunks:
        try:
            if reader.feed(chunk) is not None:
                return
        except GarbageError:
            return


@given(st.lists(st.binary(max_size=60) | st.sampled_from([b"520-x", b"HANGUP"]), max_size=20))
def test_any_line_is_a_reply_or_garbage_but_never_an_accident(lines):
    reader = ReplyReader()
    for line in lines:
        try:
            reader.feed(line)
        except ValueError:
            return
