"""Reports over the API, and in a terminal."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from callcenter.cli import cli
from callcenter.reporting.catalog import REPORTS
from tests.integration.api.world import World


def test_it_tells_what_there_is_to_ask_with_every_formula(world: World) -> None:
    told = world.get("/reports", role="supervisor").json
    assert [one["key"] for one in told["items"]] == list(REPORTS)
    assert all(figure["formula"] for one in told["items"] for figure in one["figures"])
    polish = world.get("/reports", role="supervisor", headers={"Accept-Language": "pl"})
    assert polish.headers["Content-Language"] == "pl"
    assert "Jak szybko odbieraliśmy?" in [one["title"] for one in polish.json["items"]]
    russian = world.get(
        "/reports?language=ru", role="supervisor", headers={"Accept-Language": "pl"}
    )
    assert russian.headers["Content-Language"] == "ru"
    own = world.get("/reports", role="operator").json
    assert {one["key"] for one in own["items"]} == {k for k, one in REPORTS.items() if one.own}


def test_an_answer_says_its_time_rows_and_totals(world: World) -> None:
    asked = "/reports/speed?from=2026-10-25&to=2026-10-25&zone=Europe/Warsaw&by=queue,hour&sl=30"
    told = world.get(asked, role="supervisor").json
    assert (told["start"], told["end"]) == ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
    assert told["by"] == ["queue", "hour"]
    assert set(told["totals"]) == set(REPORTS["speed"].kpis)
    assert told["title"] == "How fast did we answer?"
    polish = world.get(f"{asked}&language=pl", role="supervisor").json
    assert polish["title"] == "Jak szybko odbieraliśmy?"
    assert polish["columns"][0] == {"name": "queue", "title": "Kolejka"}
    assert polish["notes"] == ["W tym czasie niczego nie policzono"]
    assert polish["totals"] == told["totals"]
    gone = world.get("/reports/speed?queue=gone", role="supervisor").json
    assert "Queue gone" in gone["notes"][-1]
    listed = world.get("/reports/speed/contacts?figure=answered&limit=5", role="supervisor")
    assert listed.status_code == 200


def test_a_figure_that_knows_nothing_of_a_filter_is_null_and_says_why(world: World) -> None:
    told = world.get("/reports/operators?trunk=main&by=operator", role="supervisor").json
    assert set(told["totals"].values()) == {None}
    why = [note for note in told["notes"] if "Not for this filter: Trunk" in note]
    assert len(why) == 1
    assert why[0].startswith("Occupancy, Utilisation")
    assert "Nothing was counted in this time" not in told["notes"]
    listed = world.get("/reports/operators/contacts?trunk=main&figure=rung", role="supervisor")
    assert listed.json["items"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-10&to=2026-11-01", "to"),
        ("from=1999-01-01&to=2026-11-01", "to"),
        ("by=shoe_size", "by"),
        ("sl=soon", "sl"),
        ("zone=Mars/Olympus", "zone"),
        ("shoe=42", "shoe"),
        ("operator=anna", "operator"),
        ("by=day,queue,trunk", "by"),
        ("channel=pigeon", "channel"),
        ("period=today&from=2026-11-01", "period"),
        ("sl=20&sl=30", "sl"),
        ("language=de", "language"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(world: World, query: str, field: str) -> None:
    refused = world.get(f"/reports/speed?{query}", role="supervisor")
    assert refused.status_code == 422, refused.text
    assert field in refused.text


def test_a_report_that_is_not_there_or_not_for_oneself(world: World) -> None:
    assert world.get("/reports/horoscope", role="supervisor").status_code == 404
    assert world.get("/reports/speed", role="operator").status_code == 422
    assert world.get("/reports/operators", role="operator").status_code == 200


def test_a_terminal_tells_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = world.runtime.settings
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("CALLCENTER_DATA", str(settings.data_dir))
    runner = CliRunner()

    def run(*words: str) -> tuple[int, str]:
        done = runner.invoke(cli, ["report", *words])
        return done.exit_code, done.output

    code, told = run("list")
    assert code == 0
    assert "service-level: answered within" in told
    code, told = run("service-level", "--from", "2026-11-01", "--to", "2026-11-02", "--by", "queue")
    assert code == 0, told
    assert "Service level" in told
    code, told = run("speed", "--period", "yesterday", "--format", "json")
    assert json.loads(told)["report"] == "speed"
    code, told = run("operators", "--trunk", "main", "--format", "json")
    assert json.loads(told)["totals"]["rung"] is None
    assert json.loads(told)["unknown"]["rung"] == {"filters": ["trunk"], "by": []}
    code, told = run("rung", "--trunk", "main", "--language", "en")
    assert "Rung: Not for this filter: Trunk" in told
    code, told = run("speed", "--format", "csv")
    assert told.startswith("Day,")
    code, told = run("speed", "--from", "2026-11-10", "--to", "2026-11-01")
    assert code == 2
    assert "before --from" in told
    code, told = run("speed", "--by", "shoe_size")
    assert code == 2
    assert run("speed", "--operator", "anna")[0] == 2
    assert run("speed", "--by", "day", "--by", "queue", "--by", "trunk")[0] == 2
    code, told = run("speed", "--by", "queue", "--language", "pl_PL.UTF-8")
    assert told.startswith("Kolejka")
    assert "Razem" in told
    assert "W tym czasie niczego nie policzono" in told
    assert run("speed", "--language", "de")[0] == 2
    code, told = run("speed", "--zone", "Mars/Olympus")
    assert code == 2
    assert "time zone" in told
    assert run("speed", "--sl", "20", "--sl", "30")[0] == 2
    assert run("speed", "--period", "today", "--to", "2026-11-02")[0] == 2
    code, told = run("speed", "--channel", "pigeon")
    assert (code, "call, email" in told) == (2, True)
    assert run("speed", "--from", "1990-01-01")[0] == 2
    assert run("speed", "--shoe", "42")[0] == 2
    code, told = run("speed", "--queue", "gone")
    assert (code, "queue gone: there is none." in told) == (0, True)
