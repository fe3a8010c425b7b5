"""Things are kept no longer than rules say, and what a court wants stays."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from callcenter import privacy_work
from callcenter.bootstrap import build
from callcenter.customers.customer import CustomerDraft, StoredPhone
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Forbidden, Invalid
from callcenter.runtime import Runtime
from callcenter.services import erasure, files, history, personal_data, retention
from callcenter.settings import Settings
from callcenter.store import tables
from tests.support.store import NOW, Store, call

NUMBER = "+48600100101"


def rows(store: Store, name: str) -> list[Any]:
    with store.engine.connect() as connection:
        return list(connection.execute(select(tables.metadata.tables[name])))


def rule(store: Store, kind: str, days: int | None) -> None:
    with store.unit_of_work() as uow:
        uow.privacy.set_rule(kind, days)  # type: ignore[arg-type]
        uow.commit()


def prune(store: Store) -> dict[str, int]:
    return retention.prune(
        unit_of_work=store.unit_of_work, clock=store.clock, plan_for=lambda _: NumberPlan()
    )


def test_nothing_is_pruned_without_a_rule(store: Store) -> None:
    store.save(call(live=False, ended_at=NOW))
    store.clock.pass_by(86_400 * 5_000)
    assert prune(store) == {}
    assert rows(store, "interactions")[0].number == "+48221234567"


def test_an_old_call_loses_whose_it_was_and_stays_a_call(store: Store) -> None:
    anna = store.add_customer("Anna", "+48221234567")
    store.save(
        call(live=False, ended_at=NOW, caller_number="+48221234567"),
        customer_id=anna,
        number="+48221234567",
    )
    rule(store, "calls", 30)
    store.clock.pass_by(86_400 * 29)
    assert prune(store) == {"calls": 0}
    store.clock.pass_by(86_400 * 2)
    assert prune(store) == {"calls": 1}
    (one,) = rows(store, "interactions")
    assert (one.number, one.customer_id, one.direction) == ("", None, "inbound")
    assert "+48221234567" not in repr(rows(store, "calls") + rows(store, "call_legs"))
    assert prune(store) == {"calls": 0}


def test_what_a_hold_protects_is_not_pruned(store: Store) -> None:
    anna = store.add_customer("Anna", "+48221234567")
    store.save(call(live=False, ended_at=NOW), customer_id=anna, number="+48221234567")
    with store.unit_of_work() as uow:
        uow.privacy.set_hold(anna, "Court case", NOW)
        uow.commit()
    rule(store, "calls", 1)
    store.clock.pass_by(86_400 * 9)
    prune(store)
    assert rows(store, "interactions")[0].customer_id == anna
    with store.unit_of_work() as uow:
        uow.privacy.set_hold(anna, "", NOW)
        uow.commit()
    assert prune(store) == {"calls": 1}


def test_the_history_of_whom_a_hold_protects_stays(store: Store) -> None:
    anna, jan = store.add_customer("Anna"), store.add_customer("Jan")
    with store.unit_of_work() as uow:
        made = [("customer", anna, None), ("customer", jan, None)]
        history.record_created(uow, store.clock, made, user_id=None)
        history.record_created(uow, store.clock, [("tag", "vip", {"name": "VIP"})], user_id=None)
        uow.privacy.set_hold(anna, "Court case", NOW)
        uow.commit()
    rule(store, "changes", 10)
    store.clock.at += timedelta(days=11)
    assert prune(store) == {"changes": 2}
    assert [one.object_id for one in rows(store, "changes")] == [str(anna)]


def test_cards_that_nobody_confirmed_go_unless_heard_of(store: Store) -> None:
    with store.unit_of_work() as uow:
        draft = CustomerDraft(display_name="", confirmed=False)
        uow.customers.add(draft, [StoredPhone(e164=NUMBER)], None, NOW)
        uow.commit()
    kept = store.add_customer("Anna", "+48221234567")
    rule(store, "unconfirmed", 30)
    store.clock.pass_by(86_400 * 31)
    assert prune(store) == {"unconfirmed": 1}
    alive = [one.id for one in rows(store, "customers") if one.deleted_at is None]
    assert alive == [kept]


def test_a_rule_is_a_number_of_days_or_for_good(store: Store) -> None:
    with pytest.raises(Invalid):
        retention.set_rule(
            "calls", 0, user_id=1, unit_of_work=store.unit_of_work, clock=store.clock
        )


@pytest.fixture
def runtime(database_url: str, tmp_path: Path, store: Store) -> Any:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    settings = Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        secret_key="s" * 32,
        recordings=(("", sounds),),
    )
    made = build(settings, clock=store.clock)
    yield made
    made.close()


def export(runtime: Runtime, customer_id: int, user_id: int) -> Path:
    store_ = {"unit_of_work": runtime.unit_of_work, "clock": runtime.clock}
    job_id = personal_data.ask_export(customer_id, user_id=user_id, **store_)
    assert personal_data.ask_export(customer_id, user_id=user_id, **store_) == job_id
    privacy_work.turn(runtime)
    with pytest.raises(Forbidden):
        personal_data.take_export(job_id, user_id=99, files=runtime.files, **store_)
    path = personal_data.take_export(job_id, user_id=user_id, files=runtime.files, **store_)
    with pytest.raises(Conflict):
        personal_data.take_export(job_id, user_id=user_id, files=runtime.files, **store_)
    return path


def test_a_copy_of_ones_data_holds_everything_and_is_taken_once(
    runtime: Runtime, store: Store, tmp_path: Path
) -> None:
    admin = store.add_user("adam", "")
    with store.engine.begin() as connection:
        connection.execute(tables.users.update().values(role="admin", role_code="admin"))
    anna = store.add_customer("Anna <b>", NUMBER, remarks="likes tea")
    with (tmp_path / "contract.txt").open("wb+") as file:
        file.write(b"signed")
        file.seek(0)
        files.add_file(
            anna,
            "../contract.txt",
            file,
            files=runtime.files,
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
            user_id=admin,
        )
    path = export(runtime, anna, admin)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert "likes tea" in archive.read("data.json").decode()
        page = archive.read("data.html").decode()
        assert "Anna &lt;b&gt;" in page
        assert NUMBER in page
        assert any(
            name.startswith("files/") and name.endswith("contract.txt") and ".." not in name
            for name in names
        )
    privacy_work.turn(runtime)
    assert not path.exists()


def test_the_bytes_of_an_erased_person_go_with_the_next_turn(
    runtime: Runtime, store: Store, tmp_path: Path
) -> None:
    anna = store.add_customer("Anna", NUMBER)
    sound = tmp_path / "sounds" / "17.1.wav"
    sound.write_bytes(b"RIFF")
    with (tmp_path / "a.txt").open("wb+") as file:
        file.write(b"signed")
        file.seek(0)
        files.add_file(
            anna,
            "a.txt",
            file,
            files=runtime.files,
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
            user_id=None,
        )
    (kept,) = rows(store, "files")
    place = runtime.files.path(kept.stored_as)
    with runtime.unit_of_work() as uow:
        uow.erasures.doom("recording", ["pbx\t2026-03-02T09:00:00+00:00\t17.1.wav"], NOW)
        uow.commit()
    erasure.erase_customer(
        anna,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        plan_for=lambda _: NumberPlan(),
    )
    assert place.exists()
    privacy_work.turn(runtime)
    assert not place.exists()
    assert not sound.exists()
    assert rows(store, "doomed_files") == []
    assert privacy_work.turn(runtime) == 0


def test_old_files_and_histories_go_by_their_own_rules(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            tables.changes.insert().values(
                at=NOW,
                actor="user",
                object_type="deal",
                object_id="1",
                action="update",
                fields={},
            )
        )
    rule(store, "changes", 10)
    rule(store, "audit", 10)
    rule(store, "files", 10)
    rule(store, "imports", 10)
    rule(store, "conversations", 10)
    rule(store, "recordings", 10)
    store.clock.at += timedelta(days=11)
    assert prune(store)["changes"] == 1
    assert rows(store, "changes") == []
