"""Files on pages: whose they are, and what is said of those that cannot be taken."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callcenter import file_jobs
from callcenter.errors import Unavailable
from callcenter.queries import export_rows
from callcenter.services import import_run
from tests.support.web import Browser, World, make_world
from web.app import create_app

FILE = b"First Name,Mobile Phone\nAnna,601000001\nJan,soon\n"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path, import_max_mb=1)
    yield made
    made.runtime.close()


def browser(world: World, username: str) -> Browser:
    made = Browser(create_app(world.runtime, testing=True))
    made.log_in(username)
    return made


def send(who: Browser, data: bytes, **more: Any) -> Any:
    form = {
        "kind": "customers",
        "file": (io.BytesIO(data), "people.csv"),
        "csrf_token": who.token("/profile"),
    }
    return who.client.post("/imports", data=form, content_type="multipart/form-data", **more)


def test_a_file_is_sent_taken_and_its_errors_fetched(world: World) -> None:
    who = browser(world, "supervisor")
    place = send(who, FILE).headers["Location"]
    assert who.post(f"{place}/start", {"dry_run": "no"}).status_code == 302
    import_run.advance(file_jobs.desk_of(world.runtime), world.runtime.bus)
    assert "Rows with errors, as a file" in who.text(place)
    with who.get(f"{place}/errors.csv") as fetched:
        lines = fetched.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "First Name,Mobile Phone,What is wrong"
    assert lines[1].startswith("Jan,soon,")


def test_what_is_too_large_or_no_table_is_said_so(world: World) -> None:
    who = browser(world, "supervisor")
    length = {"CONTENT_LENGTH": str(5 * 1024**3)}
    assert send(who, b"x", environ_overrides=length).status_code == 413
    assert "Send CSV, XLSX or vCard" in send(who, b"%PDF-1.7").get_data(as_text=True)
    assert list((world.runtime.settings.data_dir / "imports").iterdir()) == []


def test_operators_see_no_imports_and_send_none(world: World) -> None:
    place = send(browser(world, "supervisor"), FILE).headers["Location"]
    who = browser(world, "operator1")
    assert send(who, FILE).status_code == 403
    assert who.get(place).status_code in (403, 404)
    assert who.get(f"{place}/errors.csv").status_code in (403, 404)


def test_a_table_of_few_rows_is_fetched_at_once(world: World) -> None:
    who = browser(world, "supervisor")
    asked = who.post("/exports", {"kind": "customers", "format": "csv", "columns": "display_name"})
    with who.get(asked.headers["Location"]) as fetched:
        assert "Maria Kowalska" in fetched.get_data(as_text=True)
    assert browser(world, "operator1").get(asked.headers["Location"]).status_code in (403, 404)


def test_a_table_that_a_busy_database_puts_off_waits_in_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_asked: object) -> None:
        raise Unavailable("", "the database did not answer in time: database is locked")

    monkeypatch.setattr(export_rows, "rows", busy)
    who = browser(world, "supervisor")
    asked = who.post("/exports", {"kind": "customers", "format": "csv", "columns": "display_name"})
    assert asked.headers["Location"] == "/exports"
    assert "Waiting" in who.text("/exports")


def test_whom_the_list_shows_is_given_out(world: World) -> None:
    who = browser(world, "supervisor")
    told = '{"all":[{"field":"city","op":"is","value":"Warszawa"}]}'
    listed = who.get("/customers", query_string={"filter": told}).get_data(as_text=True)
    assert "/exports?filter=" in listed
    form = {"kind": "customers", "format": "csv", "columns": "display_name", "filter": told}
    with who.get(who.post("/exports", form).headers["Location"]) as fetched:
        assert fetched.get_data(as_text=True).splitlines()[1:] == ["Maria Kowalska"]
