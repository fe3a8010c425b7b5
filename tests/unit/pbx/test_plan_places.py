"""Where a plan may send calls: only to what is there, never round in a circle, never by a caller's
own word to the outside."""

import re

import pytest

from callcenter.pbx.plan import (
    Destination,
    Did,
    Group,
    Key,
    Operator,
    PbxPlan,
    PlanError,
    Queue,
    default_operators,
    default_queues,
)
from callcenter.pbx.render import render

BUSY_TO = {"1001": "1002", "1002": "1003", "1003": ""}


def operators(forwards):
    return tuple(
        Operator(extension=extension, name=f"Operator {extension}", forward_busy=to)
        for extension, to in forwards.items()
    )


def support(**changes):
    ours = Queue(name="support", strategy="rrmemory", members=("1001",), **changes)
    return (ours, *default_queues()[1:])


def to_queue(name):
    return Destination(kind="queue", target=name)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Destination(kind="nowhere"),
        lambda: Destination(kind="queue", target="other,1"),
        lambda: Destination(kind="group", target="610,1"),
        lambda: Destination(kind="ivr", target="main"),
        lambda: Destination(kind="announcement", target="../etc/passwd"),
        lambda: Key(digit="12", to=to_queue("sales")),
        lambda: Key(digit="", to=to_queue("sales")),
        lambda: Group(number="610", members=()),
        lambda: Group(number="610", members=("1001",), strategy="random"),
        lambda: Operator(extension="1001", name="Anna", mailbox_pin="1"),
        lambda: Operator(extension="1001", name="Anna", forward_busy="1002&PJSIP/trunk"),
        lambda: Operator(extension="1001", name="Anna", desk_phones=0),
        lambda: Queue(name="support", strategy="ringall", members=(), wrapup_seconds=-1),
        lambda: PbxPlan(groups=(Group(number="1001", members=("1002",)),)),
        lambda: PbxPlan(groups=(Group(number="610", members=("1999",)),)),
        lambda: PbxPlan(conferences=("700",)),
        lambda: PbxPlan(operators=operators({**BUSY_TO, "1003": "1999"})),
        lambda: PbxPlan(operators=operators({**BUSY_TO, "1003": "+19005550100"})),
        lambda: PbxPlan(dids=(Did(number="+48221000401", kind="voicemail", target="1001"),)),
        lambda: PbxPlan(dids=(Did(number="+48221000201", kind="group", target="610"),)),
    ],
)
def test_a_place_that_is_not_there_is_refused(make):
    with pytest.raises(PlanError, match=r"\w+"):
        make()


def test_queues_that_send_callers_round_in_a_circle_are_refused():
    round_trip = (
        *support(overflow=to_queue("sales"))[:1],
        Queue(name="sales", strategy="ringall", members=(), overflow=to_queue("support")),
        *default_queues()[2:],
    )
    with pytest.raises(PlanError, match="circle"):
        PbxPlan(queues=round_trip)


def test_a_menu_that_its_own_queue_falls_back_to_is_refused():
    with pytest.raises(PlanError, match="circle"):
        PbxPlan(queues=support(overflow=Destination(kind="ivr")))


def test_colleagues_who_forward_to_each_other_are_refused():
    with pytest.raises(PlanError, match="circle"):
        PbxPlan(operators=operators({**BUSY_TO, "1003": "1001"}))


def test_mailbox_pins_are_kept_out_of_what_is_shown():
    plan = PbxPlan()
    assert plan.operators[0].mailbox_pin not in repr(plan)


@pytest.fixture(scope="module")
def dialplan():
    """With everything on that reaches further."""
    people = default_operators()
    forwarder = Operator(extension="1001", name="Anna", forward_always="+48501501501", mailbox=True)
    plan = PbxPlan(
        operators=(forwarder, *people[1:]),
        groups=(Group(number="610", members=("1001", "1002")),),
        queues=support(keys=(Key(digit="1", to=to_queue("sales")),)),
        transfer_outside=True,
        forward_outside=True,
        phones_forward=True,
    )
    return dict(
        re.findall(r"^\[([\w-]+)\]\n(.*?)(?=^\[|\Z)", render(plan)["extensions.conf"], re.M | re.S)
    )


def reached(dialplan, start):
    found, to_visit = set(), [start]
    while to_visit:
        context = to_visit.pop()
        if context not in found:
            found.add(context)
            body = dialplan.get(context, "")
            jumps = (
                r"(?:Goto|Gosub|include =>|CRM_DIALED=|GotoIf\([^)]*\?)\W*((?:crm|from)-[a-z-]+)"
            )
            to_visit += re.findall(jumps, body)
    return found


def test_a_stranger_reaches_the_outside_only_by_a_number_that_stands_in_the_plan(dialplan):
    contexts = reached(dialplan, "from-trunk")
    dialled = [
        number
        for context in contexts
        for number in re.findall(r"Gosub\(crm-dial-out,s,1\(([^,)]*)", dialplan.get(context, ""))
    ]
    assert dialled == ["+48501501501"]
    assert "crm-outside" in contexts, "where the CRM alone names the number"
    never = {"crm-outbound", "crm-transfer-outside", "crm-spy", "crm-features", "from-operators"}
    assert not contexts & never


def test_who_was_transferred_gets_no_transfer_key(dialplan):
    for start in ("from-trunk", "crm-transfer", "crm-redirect"):
        for context in reached(dialplan, start):
            body = dialplan.get(context, "")
            assert "CRM_KEYS=tT" not in body, (start, context)
            assert not re.search(r"crm-dial-out,s,1\([^)\n]*,T\)", body), (start, context)


def test_only_supervisors_phones_can_listen_in():
    plan = PbxPlan(
        operators=(
            Operator(extension="1001", name="Anna", supervisor=True),
            *default_operators()[1:],
        )
    )
    files = render(plan)
    devices = ("context = from-supervisors", "PHONE_CONTEXT=from-supervisors")  # desk, browser
    assert [files["pjsip.conf"].count(device) for device in devices] == [1, 1]
    spying = re.findall(
        r"^\[([\w-]+)\]\n(?:(?!^\[).)*include => crm-spy", files["extensions.conf"], re.M | re.S
    )
    assert spying == ["from-supervisors"]


def test_phones_and_networks_cannot_send_calls_elsewhere_unless_the_plan_says_so():
    dialplan = render(PbxPlan())["extensions.conf"]
    dials = re.findall(r"(?:Dial|Queue)\(([^\n]*)\)$", dialplan, re.M)
    assert dials
    assert all(re.search(r",[^,]*i[^,]*(?:,|$)", dial) for dial in dials)
