"""The lab's scenarios: each one a sentence, played, and recorded with the truth that it tells."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from ami.lab.scenarios import SCENARIOS

RECORDINGS = Path(__file__).parents[2] / "scenarios" / "recordings"

every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)


def test_no_two_scenarios_have_one_name():
    names = [scenario.name for scenario in SCENARIOS]
    assert sorted(set(names)) == sorted(names)


@every_scenario
def test_its_name_is_a_sentence(scenario):
    assert re.fullmatch(r"[a-z]+(-[a-z]+){2,}", scenario.name)


@every_scenario
def test_somebody_does_something(scenario):
    assert scenario.calls or scenario.script


@every_scenario
def test_its_recording_tells_the_same_truth(scenario):
    """Else: `python -m ami.lab.recorder --retell tests/scenarios/recordings NAME`."""
    told = json.loads((RECORDINGS / scenario.name / "scenario.json").read_text("utf-8"))
    truth = json.loads(json.dumps([asdict(each) for each in scenario.truth]))
    assert [known(each) for each in told["calls"]] == [known(each) for each in truth]


def known(call):
    """Without what nobody wrote down: recordings made before a field existed lack it."""
    return {name: value for name, value in call.items() if value not in (None, "", [], False)}


@every_scenario
def test_nobody_speaks_longer_than_there_was_talk(scenario):
    for call in scenario.truth:
        for leg in call.legs:
            assert leg.talk_seconds <= call.talk_seconds + 0.05


@every_scenario
def test_who_answered_and_who_spoke_last_is_among_the_legs(scenario):
    for call in scenario.truth:
        answered = {leg.endpoint for leg in call.legs if leg.result == "answered"}
        if answered:
            assert set(call.answered_by) <= answered
            assert call.last_speaker in {"", *answered}


def test_no_recording_is_left_of_a_scenario_that_is_gone():
    names = {scenario.name for scenario in SCENARIOS}
    recorded = {path.parent.name for path in RECORDINGS.glob("*/scenario.json")}
    assert recorded <= names
