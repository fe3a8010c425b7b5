"""What the rendered files promise, read as text; that Asterisk agrees is shown in tests/pbx."""

import re

import pytest

from callcenter.pbx.ledger_columns import CEL_COLUMNS, CEL_FIELDS
from callcenter.pbx.manager_events import KEPT_EVENTS
from callcenter.pbx.plan import QUEUE_NAMES, PbxPlan, Trunk
from callcenter.pbx.render import SECRET_FILES, TEMPLATES, render


@pytest.fixture(scope="module")
def files():
    return render(PbxPlan())


def section(text: str, name: str) -> str:
    found = re.search(rf"^\[{re.escape(name)}\](?:\(.*\))?\n(.*?)(?=^\[|\Z)", text, re.M | re.S)
    assert found is not None, f"no section {name}"
    return found.group(1)


def test_every_template_becomes_a_file(files):
    assert set(files) == {path.stem for path in TEMPLATES.glob("*.j2")}


def test_no_template_mark_is_left_over(files):
    for name, text in files.items():
        assert "{{" not in text, name
        assert "{%" not in text, name


def test_secrets_stand_only_in_the_files_that_are_kept_private():
    plan = PbxPlan()
    secrets = [plan.manager.listener, plan.manager.originate]
    secrets += [s for o in plan.operators for s in (o.secret, o.web_secret)]
    for name, text in render(plan).items():
        if name not in SECRET_FILES:
            assert not any(secret in text for secret in secrets), name


def test_the_listener_may_not_originate_command_or_configure(files):
    user = section(files["manager.conf"], "callcenter")
    rights = re.search(r"^write = (.*)$", user, re.M).group(1).split(",")
    assert set(rights) == {"reporting", "agent", "call"}


def test_the_manager_keeps_exactly_the_events_that_the_crm_reads(files):
    user = section(files["manager.conf"], "callcenter")
    kept = re.findall(r"^eventfilter\(action\(include\),name\((\w+)\)\) =$", user, re.M)
    assert tuple(kept) == KEPT_EVENTS
    assert len(set(kept)) == len(kept)


def test_no_user_of_the_lab_is_rendered_for_real_use(files):
    assert "witness" not in files["manager.conf"]


def test_what_a_stranger_dials_never_reaches_a_context_that_dials_out(files):
    dialplan = files["extensions.conf"]
    jumps = {
        name: set(
            re.findall(
                r"(?:Goto|Gosub|include =>|CRM_DIALED=|GotoIf\([^)]*\?)\W*(crm-[a-z-]+)", body
            )
        )
        for name, body in re.findall(r"^\[([\w-]+)\]\n(.*?)(?=^\[|\Z)", dialplan, re.M | re.S)
    }
    reached, to_visit = set(), ["from-trunk"]
    while to_visit:
        context = to_visit.pop()
        if context not in reached:
            reached.add(context)
            to_visit += jumps.get(context, ())
    assert "crm-queue" in reached
    assert not reached & {"crm-outbound", "crm-dial-out", "from-operators", "crm-click"}


def test_only_the_crm_names_a_number_outside_and_only_one_of_the_plans_prefixes():
    outside = section(
        render(PbxPlan(outbound_prefixes=("+48", "+7")))["extensions.conf"], "crm-outside"
    )
    assert re.findall(r"Gosub\(crm-by-trunk,s,1\(\$\{(\w+)\},", outside) == ["OUTSIDE"]
    assert "Dial(" not in outside
    assert re.findall(r"Set\(OUTSIDE=(.*)\)", outside) == ["${FILTER(+0-9,${CRM_TARGET})}"]
    allowed = re.findall(r'"\$\{OUTSIDE:0:(\d)\}" = "(\+\d+)"\]\?allowed', outside)
    assert allowed == [("3", "+48"), ("2", "+7")]
    assert "EXTEN" not in outside
    assert "CALLERID" not in outside


def test_the_dialplan_knows_every_queue_that_the_crm_can_name(files):
    for name in QUEUE_NAMES:
        assert f"Queue({name}," in files["extensions.conf"]
        assert f"\n[{name}](crm-queue)" in files["queues.conf"]


def test_recordings_are_named_by_the_calls_id_alone(files):
    commands = re.findall(r"MixMonitor\((.*)\)", files["extensions.conf"])
    assert commands == ["${UNIQUEID}.wav,b"]


def test_the_ledgers_columns_and_fields_belong_together(files):
    assert f"fields = {','.join(CEL_FIELDS)}" in files["cel_custom.conf"]
    assert len(CEL_COLUMNS) == len(CEL_FIELDS)


def test_only_the_prefixes_of_the_plan_can_be_dialled():
    dialplan = render(PbxPlan(outbound_prefixes=("+48",)))["extensions.conf"]
    outbound = section(dialplan, "crm-outbound")
    assert re.findall(r"exten => (\S+),1,", outbound) == ["_+48XXXXX!", "_0048XXXXX!"]


def test_local_variables_are_set_in_gosubs_alone(files):
    """Anywhere else Asterisk sets nothing, and may not even say so."""
    text = re.sub(r"^;.*$", "", files["extensions.conf"], flags=re.M)
    names = re.findall(r"^\[([\w-]+)\]", text, re.M)
    gosubs = {name for name in names if "Set(LOCAL(" in section(text, name)}
    gone_to = set(re.findall(r"(?:Goto\(|GotoIf\([^\n]*[?:])([\w-]+),", text))
    assert gosubs
    assert gosubs & gone_to == set()
    assert {name for name in gosubs if f"{name}," not in text} == set()


def test_an_account_is_signed_in_and_its_password_stands_in_no_other_file():
    plan = PbxPlan(
        trunks=(Trunk(), Trunk(name="sip-co", user="48221234567", secret="p&w#1", registers=True))
    )
    texts = render(plan)
    assert "username = 48221234567\npassword = p&w#1" in section(
        texts["pjsip.conf"], "sip-co-account"
    )
    assert "line = yes" in section(texts["pjsip.conf"], "sip-co-registration")
    assert [name for name, text in texts.items() if "p&w#1" in text] == ["pjsip.conf"]
    assert "Goto(from-trunk,+48221234567,1)" in texts["extensions.conf"]


def test_calls_go_out_by_one_trunk_after_the_other():
    trunks = (Trunk(name="in-only", outbound=False), Trunk(name="first"), Trunk(name="second"))
    text = section(render(PbxPlan(trunks=trunks))["extensions.conf"], "crm-by-trunk")
    assert re.findall(r"@([a-z-]+),", text) == ["first", "second"]
