"""The address that stays in the browser after a form was refused can be opened again."""

from __future__ import annotations

import pytest

from tests.support.web import Browser, World

IN_THE_FRAME = {"HX-Request": "true", "HX-Target": "main"}


@pytest.mark.parametrize("form", ["/quality/samples", "/tasks/999/done", "/nowhere/at/all"])
def test_where_only_a_form_can_go_the_address_stays_that_of_the_page(
    world: World, supervisor: Browser, form: str
) -> None:
    refused = supervisor.post(form, {"week": "2026-W99"}, headers=IN_THE_FRAME)
    assert refused.status_code >= 400
    assert refused.headers["HX-Push-Url"] == "false"


def test_an_address_that_can_be_opened_too_is_the_browsers(
    world: World, supervisor: Browser
) -> None:
    refused = supervisor.post("/staffing", {"percent": "0"}, headers=IN_THE_FRAME)
    assert refused.status_code == 422
    assert "HX-Push-Url" not in refused.headers
    assert supervisor.get("/staffing").status_code == 200


def test_a_form_that_is_sent_without_the_frame_is_answered_as_ever(
    world: World, supervisor: Browser
) -> None:
    refused = supervisor.post("/quality/samples", {"week": "2026-W99"})
    assert "HX-Push-Url" not in refused.headers
