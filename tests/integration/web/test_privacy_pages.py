"""Data protection on the card and in settings."""

from __future__ import annotations

import io
import zipfile

import pytest

from callcenter import privacy_work
from tests.support.web import Browser, World


@pytest.fixture
def maria(world: World) -> str:
    return f"/customers/{world.customers['Maria Kowalska']}"


def test_operators_see_nothing_of_it(operator: Browser, maria: str) -> None:
    assert "Erase" not in operator.text(f"{maria}/data")
    for action in ("erase", "export", "hold"):
        assert operator.post(f"{maria}/data/{action}", {"name": "x"}).status_code == 403


def test_a_person_is_erased_after_their_name_was_typed(admin: Browser, maria: str) -> None:
    assert "Type Maria Kowalska to erase" in admin.text(f"{maria}/data?ask=erase")
    refused = admin.post(f"{maria}/data/erase", {"name": "Maria"})
    assert refused.status_code == 422
    assert "This is not what is written above." in refused.text
    done = admin.post(f"{maria}/data/erase", {"name": " maria  kowalska "})
    assert done.headers["HX-Redirect"] == "/customers"
    assert admin.get(maria).status_code == 404
    assert admin.get(f"{maria}/data").status_code == 404
    page = admin.text("/settings/retention")
    assert "Adam Wolski" in page
    assert "Maria" not in page


def test_a_hold_is_put_and_lifted(admin: Browser, maria: str) -> None:
    held = admin.post(f"{maria}/data/hold", {"why": "Court case <1>"})
    assert "Court case &lt;1&gt;" in held.text
    assert "Erase this person" not in held.text
    refused = admin.post(f"{maria}/data/erase", {"name": "Maria Kowalska"})
    assert refused.status_code == 409
    assert "must be kept: Court case" in refused.text
    assert "Erase this person" in admin.post(f"{maria}/data/hold", {"why": ""}).text


def test_a_copy_is_asked_for_made_and_taken_once(admin: Browser, world: World, maria: str) -> None:
    assert "Being made" in admin.post(f"{maria}/data/export", {}).text
    privacy_work.turn(world.runtime)
    assert "Download, once" in admin.text(f"{maria}/data")
    taken = admin.post("/personal-data/1", {})
    assert taken.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        assert "Maria Kowalska" in archive.read("data.json").decode()
    taken.close()
    assert admin.post("/personal-data/1", {}).status_code == 409


def test_retention_is_set_in_days(admin: Browser) -> None:
    assert admin.post("/settings/retention", {"calls": "730", "files": ""}).status_code == 302
    assert 'value="730"' in admin.text("/settings/retention")
    refused = admin.post("/settings/retention", {"calls": "0"})
    assert refused.status_code == 422
