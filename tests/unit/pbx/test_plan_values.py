"""Nothing that is put into a plan can break out of the configuration it ends up in."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.pbx.plan import (
    Did,
    ManagerSecrets,
    Operator,
    PbxPlan,
    PlanError,
    Ports,
    Queue,
    Trunk,
    default_operators,
    default_queues,
)
from callcenter.pbx.render import render

NASTY = [
    "Anna\nsecret = x",
    "Anna\r\n[admin]",
    "Anna; comment",
    "Anna]",
    'Anna" <1>',
    "${SHELL(id)}",
    "Anna\\",
    "",
    " ",
    "Anna\x00",
    "Anna\x85",
    "Anna\u2028x",
    "a" * 61,
]


def plan_with_queue(**values):
    return PbxPlan(queues=(*default_queues(), Queue(strategy="ringall", members=(), **values)))


def test_a_queue_may_have_any_name_and_a_number_of_its_own():
    plan = plan_with_queue(name="sprzedaz-2", number="861")
    assert plan.queue_numbers["sprzedaz-2"] == "861"
    assert plan.queue_numbers["support"] == "851"
    dialplan = render(plan)["extensions.conf"]
    assert "exten => 861,1," in dialplan
    assert "Queue(sprzedaz-2," in dialplan


def test_every_script_of_the_crm_has_an_address_that_names_the_pbx():
    plan = PbxPlan(crm_name="hq")
    assert plan.agi_url == "agi://127.0.0.1:4573/route?pbx=hq"
    assert plan.agi("menu", stage="first") == "agi://127.0.0.1:4573/menu?pbx=hq&stage=first"
    assert PbxPlan().agi("menu") == "agi://127.0.0.1:4573/menu"
    by_address = PbxPlan(crm_name="10.0.0.5:5039")
    assert by_address.agi_url == "agi://127.0.0.1:4573/route?pbx=10.0.0.5%3A5039"


def test_every_trunk_of_the_plan_is_known_by_its_address():
    second = Trunk(name="trunk-ru", host="203.0.113.9", match=("203.0.113.9",))
    pjsip = render(PbxPlan(trunks=(Trunk(), second)))["pjsip.conf"]
    assert pjsip.count("context = from-trunk") == 2
    assert "match = 203.0.113.9" in pjsip


@pytest.mark.parametrize("name", NASTY)
def test_an_operators_name_that_could_break_out_is_refused(name):
    with pytest.raises(PlanError, match=r"operator\.name"):
        Operator(extension="1001", name=name)


@pytest.mark.parametrize("name", ["Anna Nowak-Żak", "Пётр Иванов", "O'Neil", "Dr. No", "李雷"])
def test_names_of_any_script_are_taken(name):
    assert Operator(extension="1001", name=name).name == name


@pytest.mark.parametrize(
    "make",
    [
        lambda: PbxPlan(system_name="pbx 1"),
        lambda: PbxPlan(crm_name="a&b"),
        lambda: PbxPlan(agi_host="host/x"),
        lambda: PbxPlan(agi_host="a,b"),
        lambda: PbxPlan(agi_port=0),
        lambda: PbxPlan(bind="everywhere"),
        lambda: PbxPlan(manager_permit=("10.0.0.1/99",)),
        lambda: PbxPlan(region="pl"),
        lambda: PbxPlan(main_number="48221000001"),
        lambda: PbxPlan(outbound_prefixes=("48",)),
        lambda: PbxPlan(default_queue="nobody"),
        lambda: PbxPlan(operators=default_operators()[:1]),
        lambda: PbxPlan(operators=default_operators() * 2),
        lambda: PbxPlan(dids=(Did(number="+48221000101", kind="operator", target="1999"),)),
        lambda: PbxPlan(queues=()),
        lambda: Did(number="+48221000001", kind="queue", target="Other"),
        lambda: Did(number="+48221000001", kind="ivr", title="two\nlines"),
        lambda: PbxPlan(dids=(Did(number="+48221000001", kind="queue", target="other"),)),
        lambda: Queue(name="t", strategy="ringall", members=(), number="861"),
        lambda: Queue(name="general", strategy="ringall", members=(), number="861"),
        lambda: Queue(name="spare", strategy="ringall", members=()),
        lambda: plan_with_queue(name="spare", number="1001"),
        lambda: plan_with_queue(name="spare", number="851"),
        lambda: plan_with_queue(name="su-pport", number="861"),
        lambda: PbxPlan(trunks=()),
        lambda: PbxPlan(trunks=(Trunk(), Trunk())),
        lambda: PbxPlan(trunks=(Trunk(name="web1001"),)),
        lambda: PbxPlan(trunks=(Trunk(name="desk-phone"),)),
        lambda: Queue(name="support", strategy="linear\n", members=()),
        lambda: Queue(name="support", strategy="ringall", members=("1001,x",)),
        lambda: Trunk(host="a b"),
        lambda: Trunk(match=("here",)),
        lambda: Trunk(user="a;b"),
        lambda: Trunk(registers=True),
        lambda: Trunk(user="a", secret="p;q"),
        lambda: Trunk(user="a", secret="p\nq"),
        lambda: PbxPlan(trunks=(Trunk(outbound=False),)),
        lambda: Ports(rtp_first=200, rtp_last=100),
        lambda: ManagerSecrets(listener="short"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_words(make):
    with pytest.raises(PlanError, match=r"\w+"):
        make()


def test_a_refused_secret_is_not_repeated_in_the_message():
    with pytest.raises(PlanError) as raised:
        ManagerSecrets(listener="geheim;geheim;geheim")
    assert "geheim" not in str(raised.value)


def test_secrets_are_made_anew_and_never_shown():
    one, two = PbxPlan(), PbxPlan()
    assert one.manager.listener != two.manager.listener
    shown = repr(one)
    assert one.manager.listener not in shown
    assert one.operators[0].secret not in shown


def test_an_ipv6_address_of_the_crm_is_written_in_brackets():
    assert PbxPlan(agi_host="::1").agi_url == "agi://[::1]:4573/route"
    assert "agi://[::1]:4573/route" in render(PbxPlan(agi_host="::1"))["extensions.conf"]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=70))
def test_a_name_adds_no_line_and_no_section_to_any_file(name):
    base = PbxPlan()
    try:
        operator = dataclasses.replace(base.operators[0], name=name)
        plan = dataclasses.replace(base, operators=(operator, *base.operators[1:]))
    except PlanError:
        return
    before, after = render(base), render(plan)
    for file, text in after.items():
        assert len(text.splitlines()) == len(before[file].splitlines())


@pytest.mark.parametrize("behind", ["x;y", "eth0\n[evil]", "a b", "${SHELL(id)}"])
@pytest.mark.parametrize("field", ["bind", "manager_bind", "agi_host", "external_address"])
def test_nothing_stands_behind_an_address(field, behind):
    with pytest.raises(PlanError):
        PbxPlan(**{field: f"fe80::1%{behind}"})
    with pytest.raises(PlanError):
        Trunk(host="127.0.0.2", match=(f"fe80::1%{behind}",))
