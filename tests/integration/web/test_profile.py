"""What people set for themselves."""

from __future__ import annotations

import pytest

from tests.support.web import Browser


@pytest.mark.parametrize(
    ("before", "after", "told"), [("en", "pl", "Zapisano."), ("pl", "en", "Saved.")]
)
def test_a_change_of_language_is_confirmed_in_the_new_one(
    operator: Browser, before: str, after: str, told: str
) -> None:
    wishes = {"time_zone": "Europe/Warsaw", "theme": "system"}
    operator.post("/profile", {**wishes, "locale": before})
    operator.get("/profile")
    operator.post("/profile", {**wishes, "locale": after})
    page = operator.text("/profile")
    assert f'<html lang="{after}"' in page
    assert told in page
