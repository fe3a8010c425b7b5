"""Forms for a password that come back: what was chosen about the API tokens stays chosen."""

from __future__ import annotations

import pytest

from tests.support.web import PASSWORD, Browser

TICKED = 'name="tokens" value="revoke" checked>'
UNTICKED = 'name="tokens" value="revoke">'
NEW = "another long password"


@pytest.mark.parametrize(("chosen", "shown"), [({}, UNTICKED), ({"tokens": "revoke"}, TICKED)])
@pytest.mark.parametrize(("current", "again"), [(PASSWORD, "mistyped"), ("not it", NEW)])
def test_a_mistyped_password_changes_nothing_about_the_tokens(
    operator: Browser, chosen: dict[str, str], shown: str, current: str, again: str
) -> None:
    operator.post("/profile/tokens", {"name": "till script"})
    typed = {"current": current, "new": NEW, "again": again, **chosen}
    answer = operator.post("/profile/password", typed)
    assert answer.status_code == 422
    assert shown in answer.get_data(as_text=True)


def test_another_form_of_the_same_page_leaves_the_question_as_it_is_asked(
    operator: Browser,
) -> None:
    operator.post("/profile/tokens", {"name": "till script"})
    assert TICKED in operator.post("/profile/tokens", {"name": ""}).get_data(as_text=True)


def test_what_a_token_may_do_is_told_in_words(operator: Browser) -> None:
    for name, scope in (("a", "read write"), ("b", "read"), ("c", "tasks:read tasks:write")):
        operator.post("/profile/tokens", {"name": name, "scope": scope})
    page = operator.text("/profile")
    for told in (
        "<td>Read and change</td>",
        "<td>Read only</td>",
        "<td>tasks:read, tasks:write</td>",
    ):
        assert told in page
