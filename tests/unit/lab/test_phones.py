"""The table SIPp reads its callers from, and the scenarios it plays."""

from xml.etree import ElementTree

import pytest

from ami.lab.pbx import LabError
from ami.lab.phones import _SCENARIOS, Behaviour, Call, _scenario
from ami.lab.traffic import STRANGERS, _sayable


def test_a_call_is_one_row_of_the_table():
    call = Call(number="+48600100101", to="+48221000001", name="Anna Żak")
    assert call.row() == '+48600100101;"Anna Żak" ;+48221000001'


@pytest.mark.parametrize("name", ["a;b", "a\nb", "a\rb"])
def test_a_name_that_would_break_the_table_is_refused(name):
    with pytest.raises(LabError, match="table"):
        Call(number="1", to="2", name=name).row()


def test_the_demos_names_lose_what_the_table_cannot_hold():
    assert _sayable('A;"B"\r\n\\C') == "ABC"


def test_strangers_can_be_put_into_the_table():
    assert all(Call(number=who.number, to="1", name=who.name).row() for who in STRANGERS)


FIELDS = (
    "EXTENSION",
    "SECRET",
    "EXPIRES",
    "RING",
    "TALK",
    "PATIENCE",
    "STATUS",
    "HOST",
    "DIGIT",
    "PAUSE",
    "NUMBER",
)


@pytest.mark.parametrize("path", sorted(_SCENARIOS.glob("*.xml")), ids=lambda path: path.stem)
def test_every_scenario_is_filled_in_completely_and_is_xml(path):
    text = _scenario(path.stem, **dict.fromkeys(FIELDS, "1"), MENU="", EXTRA="")
    if ".part" not in path.name:
        ElementTree.fromstring(text)
    placeholders = [word for word in text.split("@") if word.isupper() and word.isalpha()]
    assert placeholders == []


def test_a_phone_that_refuses_plays_the_refusing_scenario():
    assert Behaviour(status="486 Busy Here").scenario == "phone_refuse"
    assert Behaviour().scenario == "phone_answer"
