"""A person who is erased is in no table any more, and nobody who tells of old calls brings them
back; what they were as a caller among callers stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ami.journal_reading import signals_of
from ami.ledger.whole_file import read_whole_file
from callcenter import bootstrap
from callcenter.calls.events import CallEnded
from callcenter.calls.journal import JournalPart
from callcenter.calls.ledger import LedgerBatch, LedgerCall, SetAside
from callcenter.calls.repair import Repair
from callcenter.calls.topology import Topology
from callcenter.customers.customer import CustomerDraft, StoredPhone
from callcenter.customers.phone import NumberPlan
from callcenter.errors import NotFound
from callcenter.routing.record import DecisionRecord
from callcenter.runtime import Runtime
from callcenter.services.call_identity import CallMemory
from callcenter.services.erasure import Erased, erase_customer
from callcenter.services.handle_calls import handle_call_events
from callcenter.services.settle_calls import settle_calls
from callcenter.settings import Settings
from callcenter.store.tables import metadata
from tests.support.cells import everything
from tests.support.store import NOW, StandingClock, Store, call, leg

E164 = "+48600100101"
NATIONAL = "600100101"
NAME = "Anna Wiśniewska"
ANNA = (NATIONAL, "Wiśniewska")
RECORDINGS = Path(__file__).parent.parent / "scenarios" / "recordings"
CEL = RECORDINGS / "inbound-call-is-answered-through-the-queue" / "cel.csv"
ERASED_AT = datetime(2027, 1, 1, tzinfo=UTC)
PLAN = NumberPlan(region="PL")


def traces(store: Store, *words: str) -> list[str]:
    with store.engine.connect() as connection:
        return [line for line in everything(connection) if any(w in line for w in words)]


def rows(store: Store, table: str) -> list[Any]:
    with store.engine.connect() as connection:
        return list(connection.execute(select(metadata.tables[table])).mappings())


def erase(store: Store, customer_id: int, at: datetime = ERASED_AT) -> Erased:
    return erase_customer(
        customer_id,
        unit_of_work=store.unit_of_work,
        clock=StandingClock(at),
        plan_for=lambda _trunk: PLAN,
    )


def settle(store: Store, *calls: LedgerCall, set_aside: tuple[SetAside, ...] = ()) -> None:
    settle_calls(
        LedgerBatch(pbx="pbx", source="file", calls=calls, set_aside=set_aside),
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
        plan_for=lambda _trunk: PLAN,
        signals_of=signals_of,
        topology=Topology(),
        memory=CallMemory(),
    )


def write(store: Store, *records: Any, journal: tuple[JournalPart, ...] = ()) -> None:
    handle_call_events(
        [CallEnded(call=record, at=NOW) for record in records],
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
        plan_for=lambda _trunk: PLAN,
        memory=CallMemory(),
        journal=journal,
    )


def annas_call(number: str = "17.1", /, **changes: Any) -> Any:
    serial, _, counter = number.partition(".")
    callee = f"{serial}.{int(counter) + 1}"
    legs = (
        replace(leg(number, "PJSIP/trunk", "caller"), number=E164, name=NAME),
        replace(
            leg(callee, "PJSIP/1001", "callee", ringing_at=NOW),
            channel=f"Local/00{E164[1:]}@out-{callee};1",
            name=NAME,
        ),
    )
    values = {"caller_number": "0048600100101", "caller_name": NAME, "live": False, "legs": legs}
    return call(number, **(values | {"channels": tuple(one.channel for one in legs)} | changes))


def journal_of(record: Any) -> JournalPart:
    data = f"Event: Newchannel\r\nCallerIDNum: {E164}\r\nCallerIDName: {NAME}\r\n\r\n".encode()
    return JournalPart(
        call_id=record.id,
        pbx="pbx",
        source="live",
        started_at=record.started_at,
        events=1,
        data=data,
    )


@pytest.fixture
def product(store: Store, database_url: str) -> Iterator[Runtime]:
    """The whole product on the store's database; its clock stands where the store's does."""
    runtime = bootstrap.build(
        Settings(database_url=database_url, secret_key="x" * 40, default_region="PL"),
        clock=store.clock,
    )
    yield runtime
    runtime.close()


def anna(store: Store) -> int:
    """A customer with something in every corner of the database."""
    author = store.add_user("ewa")
    with store.unit_of_work() as uow:
        customer_id = uow.customers.add(
            CustomerDraft(
                display_name=NAME,
                given_name="Anna",
                family_name="Wiśniewska",
                email="anna@wisniewska.example",
                city="Gdynia",
                remarks="calls from 600100101",
                vip_level=2,
            ),
            [StoredPhone(e164=E164, raw="600 100 101"), StoredPhone(e164="+48586201302")],
            None,
            NOW,
        )
        uow.notes.save(author_id=author, text="On the card: Anna", at=NOW, customer_id=customer_id)
        uow.routing.record(
            DecisionRecord(
                pbx="pbx",
                uniqueid="17.1",
                number=E164,
                dialed="+48221000001",
                route="vip",
                rule="vip",
                facts={"customers": [{"id": customer_id}], "name": NAME},
                decided_at=NOW,
            )
        )
        uow.ledger.set_aside([torn()])
        uow.commit()
    record = annas_call()
    write(store, record, journal=(journal_of(record),))
    with store.unit_of_work() as uow:
        (contact,) = uow.interactions.identified([record.id]).values()
        uow.notes.save(author_id=author, text="Said: Wiśniewska", at=NOW, interaction_id=contact.id)
        uow.repairs.record(
            [
                Repair(
                    call_id=record.id,
                    at=NOW,
                    cause="corrected",
                    field="caller_number",
                    before="",
                    after=E164,
                )
            ]
        )
        uow.commit()
    return customer_id


def torn() -> SetAside:
    return SetAside(
        pbx="pbx",
        source="file",
        file="Master.csv",
        position=7,
        reason="torn",
        line=f'"CHAN_START","1795315440.89","{NAME}","{E164}',
        at=NOW,
    )


def test_tries_to_be_somebody_go_with_the_number_they_came_from(store: Store) -> None:
    bogdan = store.add_customer("Bogdan", "+48600100102")
    with store.unit_of_work() as uow:
        for number in (E164, "0048600100101", NATIONAL, "+48600100102", "6001001010", ""):
            uow.pins.note(number, None, ok=False, at=NOW)
        uow.pins.note(E164, bogdan, ok=False, at=NOW)
        uow.commit()
    erase(store, anna(store))
    left = [row["number"] for row in rows(store, "identifications")]
    assert left == ["+48600100102", "6001001010", ""]


def test_an_erased_person_is_in_no_table_any_more(store: Store) -> None:
    customer_id = anna(store)
    assert len(traces(store, *ANNA)) > 9
    done = erase(store, customer_id)
    assert traces(store, *ANNA, "Gdynia", "anna@", "586201302", "Anna") == []
    assert done == Erased(numbers=2, interactions=1, calls=1)
    with store.unit_of_work() as uow:
        assert uow.customers.get(customer_id) is None


def test_the_contact_stays_as_a_fact(store: Store) -> None:
    customer_id = anna(store)
    (before,) = rows(store, "interactions")
    assert before["customer_id"] == customer_id
    erase(store, customer_id)
    (after,) = rows(store, "interactions")
    for name in ("direction", "result", "started_at", "talk_seconds", "dialed", "queue"):
        assert after[name] == before[name], name
    assert (after["customer_id"], after["match"], after["number"]) == (None, "none", "")
    assert after["number_kind"] == "erased"
    (decision,) = rows(store, "routing_decisions")
    assert (decision["route"], decision["number"]) == ("vip", "")
    assert len(rows(store, "call_legs")) == 2


def test_the_erasure_itself_is_on_record_without_whom_it_concerned(store: Store) -> None:
    customer_id = anna(store)
    erase(store, customer_id)
    (entry,) = rows(store, "audit_log")
    assert (entry["action"], entry["object_id"]) == ("customer_erased", str(customer_id))
    figures = {"numbers": 2, "interactions": 1, "calls": 1, "conversations": 0, "recordings": 0}
    assert entry["detail"] == figures
    (job,) = rows(store, "privacy_jobs")
    assert (job["kind"], job["state"], job["detail"]) == ("erase", "done", figures)
    with pytest.raises(NotFound):
        erase(store, customer_id)


def test_what_a_listener_still_holds_does_not_bring_them_back(store: Store) -> None:
    customer_id = anna(store)
    erase(store, customer_id)
    missed = annas_call("30.1")
    write(store, annas_call(), missed, journal=(journal_of(annas_call()), journal_of(missed)))
    write(store, journal=(journal_of(annas_call()),))
    assert traces(store, *ANNA) == []
    assert {row["number_kind"] for row in rows(store, "interactions")} == {"erased"}
    assert store.publisher.messages
    late = [m for m in store.publisher.messages if "30.1" in json.dumps(m.payload, default=str)]
    assert late
    assert not any(word in str(late) for word in ANNA)


def test_what_the_ledger_tells_of_old_calls_does_not_bring_them_back(store: Store) -> None:
    customer_id = anna(store)
    erase(store, customer_id)
    for record in (annas_call(), annas_call("31.1", result="missed")):
        lines = (f'"CHAN_START","{NAME}","{E164}"',)
        settle(store, LedgerCall(record=record, lines=lines, signals=()), set_aside=(torn(),))
    assert traces(store, *ANNA) == []
    assert len(rows(store, "interactions")) == 2


def test_the_ledger_read_again_from_its_beginning_does_not_bring_an_erased_customer_back(
    store: Store, product: Runtime
) -> None:
    store.clock.at = ERASED_AT
    store.add_user()
    customer_id = store.add_customer(NAME, E164)
    told = read_whole_file(product, "pbx1", CEL)
    assert told.calls.total() == 1
    (before,) = rows(store, "interactions")
    assert before["customer_id"] == customer_id
    assert len(traces(store, *ANNA)) >= 4

    erase_with(product, customer_id, store)
    assert traces(store, *ANNA) == []
    for _ in range(2):
        assert read_whole_file(product, "pbx1", CEL).calls.total() == 1
    assert traces(store, *ANNA) == []
    (after,) = rows(store, "interactions")
    assert (after["talk_seconds"], after["result"]) == (before["talk_seconds"], before["result"])
    assert after["id"] == before["id"]


def test_a_ledger_first_read_after_the_erasure_tells_anonymous_calls(
    store: Store, product: Runtime
) -> None:
    customer_id = store.add_customer(NAME, E164)
    erase_with(product, customer_id, store)
    read_whole_file(product, "pbx1", CEL)
    assert traces(store, *ANNA) == []
    (row,) = rows(store, "interactions")
    assert (row["result"], row["number_kind"]) == ("answered", "erased")


def erase_with(product: Runtime, customer_id: int, store: Store) -> None:
    store.clock.at = ERASED_AT
    erase_customer(
        customer_id,
        unit_of_work=product.unit_of_work,
        clock=store.clock,
        plan_for=product.settings.number_plan_for,
    )


def test_a_call_after_the_erasure_is_a_new_contact(store: Store) -> None:
    customer_id = anna(store)
    erase(store, customer_id, NOW + timedelta(hours=1))
    write(store, annas_call("40.1", started_at=NOW + timedelta(hours=2)))
    new = max(rows(store, "interactions"), key=lambda row: row["id"])
    assert (new["number"], new["match"], new["customer_id"]) == (E164, "none", None)


def test_a_call_that_a_person_gave_to_the_customer_goes_too_whatever_its_number(
    store: Store,
) -> None:
    customer_id = anna(store)
    office = call("50.1", caller_number="+48221112233", caller_name="Reception", live=False)
    hidden = call("60.1", caller_number="anonymous", caller_name="Anna W.", live=False)
    write(store, office, hidden)
    with store.unit_of_work() as uow:
        for contact in uow.interactions.identified([office.id, hidden.id]).values():
            uow.interactions.link(contact.id, customer_id, "chosen")
        uow.commit()
    erase(store, customer_id)
    told = ("221112233", "Reception", "Anna W.")
    assert traces(store, *told) == []
    write(store, office, hidden)
    assert traces(store, *told) == []
    write(store, replace(office, id="pbx/70.1", uniqueids=("70.1",)))
    assert traces(store, "221112233") != []


def test_a_number_that_another_customer_has_as_well_stays_theirs(store: Store) -> None:
    customer_id = anna(store)
    husband = store.add_customer("Piotr", E164)
    write(store, annas_call("80.1", caller_name="Piotr", legs=()))
    erase(store, customer_id)
    assert traces(store, "Wiśniewska") == []
    shared = annas_call("81.1", caller_name="Piotr", legs=())
    write(store, shared)
    with store.unit_of_work() as uow:
        found = uow.interactions.identified([shared.id])
    assert found[shared.id].customer_id == husband


def test_where_they_were_only_named_the_call_of_the_other_stays_the_others(store: Store) -> None:
    customer_id = anna(store)
    piotr = store.add_customer("Piotr", "+48221234567")
    transferred = call(
        "90.1",
        live=False,
        legs=(
            leg("90.1", "PJSIP/trunk", "caller", number="+48221234567"),
            leg("90.2", "PJSIP/trunk", "callee", number="600100101", name=NAME),
        ),
    )
    for _ in range(2):
        write(store, transferred)
        if customer_id:
            erase(store, customer_id)
            customer_id = 0
        assert traces(store, *ANNA) == []
    with store.unit_of_work() as uow:
        kept = uow.calls.get(transferred.id)
        found = uow.interactions.identified([transferred.id])
    assert kept is not None
    assert kept.caller_number == "+48221234567"
    assert found[transferred.id].customer_id == piotr


def test_halves_that_went_into_another_call_are_blanked_as_well(store: Store) -> None:
    customer_id = anna(store)
    write(store, annas_call("91.1"))
    with store.unit_of_work() as uow:
        uow.interactions.merge("pbx/91.1", "pbx/17.1")
        uow.calls.merge("pbx/91.1", "pbx/17.1")
        uow.commit()
    erase(store, customer_id)
    assert traces(store, *ANNA) == []
    with store.unit_of_work() as uow:
        found = uow.calls.id_map("pbx", ["91.1", "17.1"])
        assert uow.calls.live_ids("pbx") == []
    assert set(found.values()) == {"pbx/17.1"}


def test_another_key_cannot_tell_what_was_erased(store: Store, product: Runtime) -> None:
    erase_with(product, store.add_customer(NAME, E164), store)
    with store.unit_of_work() as uow:
        assert uow.erasures.last() == ERASED_AT
        assert uow.erasures.erased([f"number {E164}"]) == {}
    with product.unit_of_work() as uow:
        assert uow.erasures.erased([f"number {E164}", "number +48"]) == {
            f"number {E164}": ERASED_AT
        }
