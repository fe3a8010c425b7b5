"""Who may look at pages of settings and not change them."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from callcenter.rights.policy import BUILTIN, Policy
from tests.support.web import Browser, World

PAGES = ("/routing", "/hours", "/menus", "/prompts", "/surveys")
NOTICE = "You may look at this and not change it."


@pytest.fixture
def reader(world: World, supervisor: Browser) -> Browser:
    own = BUILTIN["supervisor"]
    changes = {("routing", "change"), ("survey", "change")}
    scopes = {right: "none" if right in changes else scope for right, scope in own.scopes.items()}
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_role(Policy("reader", "supervisor", "Reader", scopes, own.fields))
        query = "update users set role_code = 'reader' where username = 'supervisor'"
        uow.connection.execute(text(query))
        uow.commit()
    return supervisor


def test_a_reader_is_told_so_and_sees_no_buttons(reader: Browser) -> None:
    for page in PAGES:
        told = reader.text(page)
        assert NOTICE in told
        assert "data-only-reads" in told
    assert reader.post("/routing/rules", {"title": "Mine"}).status_code == 403


def test_who_may_change_is_told_nothing(supervisor: Browser) -> None:
    for page in PAGES:
        assert "data-only-reads" not in supervisor.text(page)
