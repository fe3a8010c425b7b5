"""No code and no English word of a file where a reader of another language looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_babel import force_locale

from callcenter.fields.definition import FieldDef, FieldDraft
from callcenter.imports.kinds import KINDS, with_own_fields
from callcenter.services import fields
from tests.support.web import Browser, World, make_world
from web.app import create_app
from web.import_words import TITLES, column_words, import_words


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path)
    yield made
    made.runtime.close()


@pytest.fixture
def admin(world: World) -> Browser:
    made = Browser(create_app(world.runtime, testing=True))
    made.log_in("admin")
    return made


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_every_field_of_a_file_has_words_of_its_own() -> None:
    assert {one.title for kind in KINDS.values() for one in kind.targets} == set(TITLES)


def test_a_field_of_the_companys_own_is_called_as_on_cards(world: World) -> None:
    own = FieldDef(
        id=1,
        object="customer",
        key="contract",
        label="Contract number",
        kind="text",
        labels={"ru": "Номер договора"},
    )
    target = with_own_fields(KINDS["customers"], [own]).targets[-1]
    app = create_app(world.runtime, testing=True)
    with app.test_request_context(), force_locale("ru"):
        assert column_words(target) == "Номер договора"
    with app.test_request_context(), force_locale("pl"):
        assert column_words(target) == "Contract number"


def test_columns_of_a_refused_file_are_called_as_on_the_page(world: World) -> None:
    app = create_app(world.runtime, testing=True)
    with app.test_request_context(), force_locale("ru"):
        told = import_words("say which column is one of these: Amount, Contract number")
        assert "Сумма" in told
        assert "Contract number" in told


def test_columns_to_export_are_named_and_so_are_those_of_the_company(
    world: World, admin: Browser
) -> None:
    room = fields.FieldRoom(unit_of_work=world.runtime.unit_of_work, clock=world.runtime.clock)
    draft = FieldDraft(label="Contract number")
    fields.add_field(draft, room, user_id=world.users["admin"])
    page = _plain(admin.text("/exports"))
    assert "Full name" in page
    assert "Contract number" in page


def test_what_was_done_stands_in_words_and_with_the_persons_name(
    world: World, admin: Browser
) -> None:
    admin.post("/exports", {"kind": "customers", "format": "csv", "columns": "display_name"})
    admin.post(f"/users/{world.users['operator1']}/active", {"active": "no"})
    page = _plain(admin.text("/users"))
    assert "Export asked for File of customers 1" in page
    assert "User changed User Anna Nowak" in page


def test_a_refusal_is_not_told_as_something_done(world: World, admin: Browser) -> None:
    admin.post(f"/users/{world.users['admin']}/active", {"active": "no"})
    refused = admin.text("/users")
    assert re.search(r'class="notice tone-bad" role="alert">.*alert-triangle.*yourself', refused)
    admin.post(f"/users/{world.users['operator1']}/active", {"active": "no"})
    done = admin.text("/users")
    assert re.search(r'class="notice tone-ok" role="status">.*Deactivated', done)
    assert "tone-bad" not in done


@pytest.mark.parametrize("path", ["boards", "new", "1/edit", "1/walls", "1", "all"])
def test_boards_and_screens_are_of_the_wallboard_in_the_rail(admin: Browser, path: str) -> None:
    admin.post("/wallboard/new", {"title": "Sales"})
    page = admin.text(f"/wallboard/{path}")
    rail = page[page.index('<nav id="rail"') :]
    rail = rail[: rail.index("</nav>")]
    marked = re.findall(r'href="([^"]+)"[^>]*aria-current="page"', rail)
    assert marked == ["/wallboard"]
    assert "/wallboard/boards" not in rail
