"""Whose phones the demo plays, and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from ami.lab import voices
from ami.lab.traffic import rings
from callcenter.pbx.plan import Operator, default_operators


def test_every_operators_phone_is_lifted_and_a_supervisors_before_them():
    leader = Operator(extension="1004", name="Supervisor", supervisor=True)
    told = dict(rings((leader, *default_operators())))
    assert set(told) == {"1001", "1002", "1003", "1004"}
    assert told["1004"] == min(told.values())


def test_sound_is_written_as_telephones_carry_it():
    # the ends of the steps of ITU-T G.711, table 2a
    assert [voices.mu_law(one) for one in (0, 32767, -32768, -1, 1000)] == [255, 128, 0, 127, 206]


def test_where_there_is_no_voice_they_hum_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr("shutil.which", lambda _program: None)
    monkeypatch.setattr(voices, "_TURN", 1)
    made = voices.voices(tmp_path)
    first, second = made["operator"].read_bytes(), made["caller"].read_bytes()
    assert set(first[8000:]) == set(second[:8000]) == {255}
    assert len(set(first[:8000])) > 100
    assert len(set(second[8000:])) > 100
