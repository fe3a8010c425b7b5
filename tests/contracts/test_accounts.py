"""People who log in, their tokens and states; notes. Each use case is one transaction."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.accounts import passwords
from callcenter.accounts.user import UserDraft
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.queries import desk as desk_queries
from callcenter.queries import users as queries
from callcenter.services import accounts, notes, operator_state
from tests.support.store import TODAY, Store, call

PASSWORD = "correct horse battery"


def deps(store: Store) -> dict[str, Any]:
    return {"unit_of_work": store.unit_of_work, "clock": store.clock}


def create(store: Store, username: str = "anna", **fields: Any) -> int:
    draft = UserDraft(username=username, display_name="Anna", **fields)
    return accounts.create_user(draft, PASSWORD, **deps(store))


def user_of(store: Store, user_id: int) -> Any:
    with store.engine.connect() as connection:
        return queries.by_id(connection, user_id)


def test_the_right_password_opens_and_nothing_else_does(store: Store) -> None:
    user_id = create(store)
    found = accounts.authenticate(" Anna ", PASSWORD, **deps(store))
    assert found is not None
    assert found.id == user_id
    assert accounts.authenticate("anna", PASSWORD + "x", **deps(store)) is None
    assert accounts.authenticate("nobody", PASSWORD, **deps(store)) is None
    assert accounts.authenticate("anna", "", **deps(store)) is None


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(store)
    checked: list[bool] = []
    original = passwords.is_right
    monkeypatch.setattr(
        passwords, "is_right", lambda word, stored: checked.append(True) or original(word, stored)
    )
    for name in ("anna", "nobody"):
        accounts.authenticate(name, "wrong", **deps(store))
    assert checked == [True, True]
    assert passwords.is_right("nobody's password", None) is False


def test_who_is_deactivated_can_neither_log_in_nor_keep_a_session_or_token(store: Store) -> None:
    user_id, admin = create(store), create(store, "boss", role="admin")
    secret = accounts.issue_token(user_id, "script", **deps(store))
    epoch = user_of(store, user_id).session_epoch
    accounts.set_user_active(user_id, False, user_id=admin, **deps(store))
    assert accounts.authenticate("anna", PASSWORD, **deps(store)) is None
    assert user_of(store, user_id).session_epoch > epoch
    with store.engine.connect() as connection:
        assert queries.by_token_hash(connection, accounts.token_hash(secret)) is None
    with pytest.raises(Invalid):
        accounts.set_user_active(admin, False, user_id=admin, **deps(store))


def test_a_new_password_ends_every_session(store: Store) -> None:
    user_id = create(store)
    with pytest.raises(Invalid, match="not your password"):
        accounts.change_password(user_id, "wrong", "another long password", **deps(store))
    epoch = accounts.change_password(user_id, PASSWORD, "another long password", **deps(store))
    assert epoch == user_of(store, user_id).session_epoch == 1
    assert accounts.authenticate("anna", "another long password", **deps(store))
    assert accounts.authenticate("anna", PASSWORD, **deps(store)) is None


@pytest.mark.parametrize("revoke", [True, False])
def test_a_new_password_takes_the_tokens_along_unless_they_are_to_stay(
    store: Store, revoke: bool
) -> None:
    user_id, admin = create(store), create(store, "boss", role="admin")
    mine = accounts.token_hash(accounts.issue_token(user_id, "script", **deps(store)))
    others = accounts.token_hash(accounts.issue_token(admin, "report", **deps(store)))
    accounts.reset_password(
        user_id, "another long password", revoke_tokens=revoke, user_id=admin, **deps(store)
    )
    with store.engine.connect() as connection:
        assert (queries.by_token_hash(connection, mine) is None) == revoke
        assert queries.by_token_hash(connection, others)
        done = queries.audit(connection, None, 10).items
    changed = next(one for one in done if one.action == "password_changed")
    revoked = [one.object_id for one in done if one.action == "token_revoked"]
    assert [str(one) for one in changed.detail["tokens_revoked"]] == revoked
    assert bool(revoked) == revoke


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaa", "anna anna anna", "x" * 201])
def test_a_weak_password_is_refused_with_the_reason(store: Store, weak: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.create_user(UserDraft(username="anna", display_name=""), weak, **deps(store))
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "Ä b"}, "username"),
        ({"username": "bo", "role": "king"}, "role"),
        ({"username": "bo", "endpoint": "1001"}, "endpoint"),
        ({"username": "bo", "endpoint": "PJSIP/1&PJSIP/trunk"}, "endpoint"),
        ({"username": "bo", "extension": "10a"}, "extension"),
        ({"username": "bo", "locale": "de"}, "locale"),
        ({"username": "bo", "time_zone": "Mars/Base"}, "time_zone"),
    ],
)
def test_a_user_that_cannot_be_is_refused_by_the_field(
    store: Store, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create(store, **fields)
    assert refused.value.field == field


def test_a_name_and_a_phone_belong_to_one_person(store: Store) -> None:
    create(store, endpoint="PJSIP/1001")
    with pytest.raises(Conflict) as refused:
        create(store, "ANNA")
    assert refused.value.field == "username"
    with pytest.raises(Conflict) as refused:
        create(store, "piotr", endpoint="PJSIP/web1001")
    assert refused.value.field == "endpoint"


def test_a_token_is_shown_once_kept_as_a_hash_and_can_be_revoked(store: Store) -> None:
    user_id, other = create(store), create(store, "piotr")
    secret = accounts.issue_token(user_id, "script", scopes=("read",), **deps(store))
    with store.engine.connect() as connection:
        (token,) = queries.tokens(connection, user_id)
        found = queries.by_token_hash(connection, accounts.token_hash(secret))
    assert found is not None
    assert (found[0].id, found[1].scopes) == (user_id, ("read",))
    assert secret.startswith(token.prefix)
    with pytest.raises(NotFound):
        accounts.revoke_token(token.id, user_id=other, **deps(store))
    accounts.revoke_token(token.id, user_id=user_id, **deps(store))
    with store.engine.connect() as connection:
        assert queries.by_token_hash(connection, accounts.token_hash(secret)) is None
        assert queries.tokens(connection, user_id) == []
        done = [entry.action for entry in queries.audit(connection, None, 10).items]
    assert done == ["token_revoked", "token_issued", "user_created", "user_created"]


def test_the_audit_pages_from_the_newest(store: Store) -> None:
    for name in ("anna", "piotr", "jan"):
        create(store, name)
    with store.engine.connect() as connection:
        first = queries.audit(connection, None, 2)
        rest = queries.audit(connection, first.next_cursor, 2)
    assert [entry.detail["username"] for entry in (*first.items, *rest.items)] == [
        "jan",
        "piotr",
        "anna",
    ]
    assert rest.next_cursor is None


def set_state(store: Store, user_id: int, state: str, reason: str = "") -> None:
    operator_state.set_state(user_id, state, reason, publisher=store.publisher, **deps(store))


def test_a_pause_is_kept_and_told_to_screens(store: Store) -> None:
    user_id = create(store, endpoint="PJSIP/1001")
    set_state(store, user_id, "paused", "lunch")
    with store.engine.connect() as connection:
        status = desk_queries.snapshot(connection, user_id, TODAY).agent
    assert status is not None
    assert (status.state, status.reason) == ("paused", "lunch")
    (message,) = store.publisher.messages
    assert message.kind == "agent"
    assert message.payload["state"] == "paused"
    assert message.audience.users == (user_id,)


def test_choosing_the_same_state_again_starts_no_new_time(store: Store) -> None:
    user_id = create(store, endpoint="PJSIP/1001")
    set_state(store, user_id, "ready")
    store.clock.pass_by(60)
    set_state(store, user_id, "ready")
    first, again = store.publisher.messages
    assert first.payload["since"] == again.payload["since"]
    with pytest.raises(Invalid):
        set_state(store, user_id, "talking")
    with pytest.raises(NotFound):
        set_state(store, 999, "ready")


def begin_work(store: Store, user_id: int) -> str | None:
    status = operator_state.begin_work(user_id, publisher=store.publisher, **deps(store))
    return status.state if status else None


def test_who_logs_in_is_ready_and_who_logs_out_is_rung_no_more(store: Store) -> None:
    user_id = create(store, endpoint="PJSIP/1001")
    assert begin_work(store, user_id) == "ready"
    operator_state.end_work(user_id, publisher=store.publisher, **deps(store))
    assert store.publisher.messages[-1].payload["state"] == "offline"


def test_a_pause_outlives_a_log_in(store: Store) -> None:
    user_id = create(store, endpoint="PJSIP/1001")
    set_state(store, user_id, "paused", "lunch")
    assert begin_work(store, user_id) == "paused"


def test_somebody_without_a_phone_has_no_state(store: Store) -> None:
    user_id = create(store)
    assert begin_work(store, user_id) is None
    operator_state.end_work(user_id, publisher=store.publisher, **deps(store))
    assert store.publisher.messages == []


def test_each_author_has_one_note_on_a_contact(store: Store) -> None:
    anna, piotr = create(store), create(store, "piotr")
    (interaction_id,) = store.save(call()).values()
    ids = [
        notes.save_note(author_id=author, text=text, interaction_id=interaction_id, **deps(store))
        for author, text in ((anna, "ca"), (anna, "call back"), (piotr, "done"))
    ]
    assert ids[0] == ids[1] != ids[2]
    with pytest.raises(NotFound):
        notes.save_note(author_id=anna, text="x", interaction_id=999, **deps(store))
    with pytest.raises(Invalid):
        notes.save_note(author_id=anna, text="x", **deps(store))


def test_nobody_changes_their_own_role(store: Store) -> None:
    """The last administrator would lock everybody out of the users page."""
    admin = create(store, role="admin")
    with pytest.raises(Invalid):
        accounts.update_user(admin, {"role": "operator"}, user_id=admin, **deps(store))
