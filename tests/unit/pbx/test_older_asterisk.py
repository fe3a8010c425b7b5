"""What is rendered for Asterisk 16, read as text; tests/pbx shows that it agrees."""

import re

import pytest
from click.testing import CliRunner

from callcenter.pbx.commands import render as command
from callcenter.pbx.ledger_columns import CEL_COLUMNS, CEL_FILE
from callcenter.pbx.manager_events import KEPT_APPLICATIONS, KEPT_EVENTS, KEPT_VARIABLES
from callcenter.pbx.plan import PbxPlan, PlanError
from callcenter.pbx.render import render

# 16's expression for each column, where it is not the column's own name
EXPRESSIONS = {
    "cid_name": "CALLERID(name)",
    "cid_num": "CALLERID(num)",
    "cid_ani": "CALLERID(ANI)",
    "cid_rdnis": "CALLERID(RDNIS)",
    "cid_dnid": "CALLERID(DNID)",
    "eventtype": "eventtype",
    "eventtime": "eventtime",
    "peer": "BRIDGEPEER",
    "userdeftype": "userdeftype",
    "extra": "eventextra",
}
CHOSEN_BY_CALLERS = {c for c in CEL_COLUMNS if c.startswith("cid_")} | {"exten", "appdata"}


@pytest.fixture(scope="module")
def files():
    return render(PbxPlan(asterisk="16"))


@pytest.fixture(scope="module")
def filters(files):
    lines = re.findall(r"^eventfilter = (.*)$", files["manager.conf"], re.M)
    return [re.compile(line.replace("[[:space:]]", r"\s"), re.S) for line in lines[:-1]]


def passes(filters, *headers):
    text = "\r\n".join([*headers, "Uniqueid: 1.1", ""])
    return any(one.search(text) for one in filters)


def test_the_ledger_has_the_same_columns_in_the_same_order_and_each_is_quoted(files):
    (mapping,) = re.findall(rf"^{CEL_FILE} => (.*)$", files["cel_custom.conf"], re.M)
    fields = re.split(r",(?=\$\{CSV_QUOTE)", mapping)
    assert len(fields) == len(CEL_COLUMNS)
    for column, field in zip(CEL_COLUMNS, fields, strict=True):
        expression = f"${{{EXPRESSIONS.get(column, f'CHANNEL({column})')}}}"
        if column in CHOSEN_BY_CALLERS:
            expression = rf"${{FILTER(\x20-\xff,{expression})}}"
        assert field == f"${{CSV_QUOTE({expression})}}"


def test_the_manager_keeps_the_same_events_as_on_the_current_release(filters):
    for event in KEPT_EVENTS:
        assert passes(filters, f"Event: {event}", "Privilege: call,all")
    for event in ("Newexten", "VarSet", "RTCPSent", "HangupHandlerRun", "DTMFBegin"):
        assert not passes(filters, f"Event: {event}", "Privilege: call,all")


def test_of_variables_and_steps_only_what_the_crm_reads_passes(filters):
    for name in KEPT_VARIABLES:
        assert passes(filters, "Event: VarSet", f"Variable: {name}X", "Value: 1")
    for name in KEPT_APPLICATIONS:
        assert passes(filters, "Event: Newexten", f"Application: {name}")
    assert not passes(filters, "Event: VarSet", "Variable: OTHER", "Value: 1")
    assert not passes(filters, "Event: Newexten", "Application: Playback")


def test_nothing_is_rendered_that_only_the_current_release_knows(files):
    whole = "\n".join(files.values())
    for word in ("action(include)", "res_cdrel_custom", "auth_type = digest", "quoting_method"):
        assert word not in whole
        assert word in "\n".join(render(PbxPlan()).values())


def test_a_release_that_nobody_wrote_for_is_refused_in_words():
    with pytest.raises(PlanError, match="'13' is not one of 22, 16"):
        PbxPlan(asterisk="13")


def test_the_command_takes_the_release(tmp_path):
    assert CliRunner().invoke(command, [str(tmp_path), "--asterisk", "16"]).exit_code == 0
    assert "CSV_QUOTE" in (tmp_path / "cel_custom.conf").read_text()
