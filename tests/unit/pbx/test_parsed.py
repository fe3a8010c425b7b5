"""Files that Asterisk would not take, or that lead nowhere, are found before they reach it."""

from __future__ import annotations

import pytest

from callcenter.pbx.parsed import dialplan, faults, sections
from callcenter.pbx.plan import Did, PbxPlan, Queue
from callcenter.pbx.render import render


def test_what_we_render_has_no_fault():
    plan = PbxPlan()
    assert faults(render(plan), plan) == []


def test_a_plan_without_the_usual_queues_leads_everywhere():
    one = Queue(name="one", number="870", strategy="ringall", members=("1001",))
    dids = (
        Did(number="+48221000001", kind="queue", target="one"),
        Did(number="+48221000002", kind="ivr"),
    )
    plan = PbxPlan(queues=(one,), default_queue="one", dids=dids)
    assert faults(render(plan), plan) == []


@pytest.mark.parametrize(
    "broken",
    [
        "[from-trunk\nexten => s,1,Hangup()\n",
        "exten => s,1,Hangup()\n",
        "[a]\nwords\n",
        "#exec x\n",
    ],
)
def test_a_line_that_asterisk_would_not_take_is_named(broken):
    with pytest.raises(ValueError, match=r"\w+"):
        sections(broken)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("extensions.conf", "[crm-blocked]", "[crm-blacked]"),
        ("extensions.conf", "exten => +48221000001,1,", "exten => +48221000009,1,"),
        ("queues.conf", "[vip](crm-queue)", "[vips](crm-queue)"),
        ("pjsip.conf", "[web1001]", "[web1009]"),
    ],
)
def test_what_the_plan_has_and_the_files_have_not_is_named(name, old, new):
    plan = PbxPlan()
    files = render(plan)
    assert old in files[name]
    assert faults({**files, name: files[name].replace(old, new)}, plan)


def test_steps_are_read_in_order_and_comments_are_not():
    found = dialplan("[a]\nexten => 1,1,Answer() ; now\n same => n(x),Echo()\ninclude => b\n[b]\n")
    assert found.contexts["a"]["1"] == ["Answer()", "Echo()"]
    assert found.includes["a"] == ["b"]
