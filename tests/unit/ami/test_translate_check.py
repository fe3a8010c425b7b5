"""Under which name a dialplan asks the CRM, as `pbx check` reads it from its steps."""

import pytest

from ami import translate_check as tr


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("agi://127.0.0.1:4573/route", ""),
        ("agi://127.0.0.1:4573/route?pbx=hq", "hq"),
        (
            "agi://crm/route?pbx=10.0.0.5%3A5039&stage=overflow&queue=${FILTER(a-z,${ARG2})}",
            "10.0.0.5:5039",
        ),
        ("agi://crm/waiting?pbx=hq", None),
        ("agi://somebody.else/credit-check", None),
        ("agi://[broken/route", None),
        ("/usr/share/agi-bin/route", None),
        ("", None),
    ],
)
def test_the_name_of_a_step(step, name):
    assert tr.pbx_told(step) == name


def test_a_step_that_is_one_variable_is_looked_up():
    assert tr.sole_variable("${CRM_AGI}") == "CRM_AGI"
    assert tr.sole_variable("agi://crm/route?queue=${ARG1}") == ""
    assert tr.sole_variable("${SHELL(id)}") == ""
