"""Who stepped into which call, kept and found on both databases, each time by an index."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import insert, text

from callcenter.calls.record import CallRecord
from callcenter.errors import Conflict
from callcenter.queries import supervision as queries
from callcenter.services import call_claims, supervision_rights
from callcenter.services import supervision as service
from callcenter.services.call_rows import WrittenCalls
from callcenter.store import tables
from callcenter.store.repositories.supervision import SupervisionRepository
from callcenter.supervision.claims import AT_ONCE, Claim
from callcenter.supervision.stepping import Session
from tests.support.plans import Plans
from tests.support.store import NOW, Store, call

_MANY = 3000


def stretch(store: Store, boss: int, operator: int, call_id: str, **changes: object) -> Session:
    told = {
        "supervisor_id": boss,
        "operator_id": operator,
        "call_id": call_id,
        "channel": "crm-step-1",
        "mode": "listen",
        "asked_at": NOW,
        "began_at": NOW,
    }
    with store.unit_of_work() as uow:
        made = uow.supervision.add(Session(**{**told, **changes}))  # type: ignore[arg-type]
        uow.commit()
    return made


def test_a_stretch_is_open_as_long_as_neither_it_nor_its_call_has_ended(store: Store) -> None:
    boss, operator = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    record = call("17.1", live=True, ended_at=None)
    store.save(record)
    made = stretch(store, boss, operator, record.id)
    with store.unit_of_work() as uow:
        assert uow.supervision.open_of(boss) == [made]
        assert uow.supervision.open_in({record.id, "pbx/9"}) == [made]
        assert uow.supervision.channels_known({"crm-step-1", "9.9"}) == {"crm-step-1"}
    with store.engine.connect() as connection:
        (mine,) = queries.of_user(connection, boss)
        (theirs,) = queries.of_user(connection, operator)
        assert (mine["kind"], theirs["kind"]) == ("mine", "heard")
    store.save(call("17.1", live=False, ended_at=NOW))
    with store.unit_of_work() as uow:
        assert uow.supervision.open_of(boss) == []


def claim(store: Store, **changes: object) -> Claim:
    told = {
        "call_id": "pbx/1",
        "deed": "take_over",
        "command_id": "command-1",
        "since": store.clock.at,
        "until": store.clock.at + AT_ONCE,
    }
    return Claim(**{**told, **changes})  # type: ignore[arg-type]


def ask(store: Store, wanted: Claim) -> Claim | None:
    with store.unit_of_work() as uow:
        found = uow.supervision.claim(wanted)
        uow.commit()
    return found


def test_of_many_who_take_a_call_over_at_once_one_wins_and_the_others_hear_who(
    store: Store,
) -> None:
    people = [store.add_user(f"boss{n}", f"100{n}") for n in range(4)]
    together = Barrier(len(people))

    def take(user_id: int) -> Claim | None:
        wanted = claim(store, user_id=user_id, to_id=user_id, command_id=f"command-{user_id}")
        together.wait(20)
        return ask(store, wanted)

    with ThreadPoolExecutor(len(people)) as pool:
        found = list(pool.map(take, people))
    (winner,) = (user for user, other in zip(people, found, strict=True) if other is None)
    assert {one.user_id for one in found if one is not None} == {winner}


def test_of_many_callers_who_are_sent_to_one_phone_at_once_one_is(store: Store) -> None:
    boss, anna = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    together = Barrier(4)

    def pull(number: int) -> Claim | None:
        told = {"call_id": f"pbx/{number}", "command_id": f"command-{number}"}
        wanted = claim(store, deed="pull", user_id=boss, to_id=anna, **told)
        together.wait(20)
        return ask(store, wanted)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(pull, range(4)))
    (winner,) = (number for number, other in enumerate(found) if other is None)
    assert {one.call_id for one in found if one is not None} == {f"pbx/{winner}"}
    elsewhere = {"call_id": "pbx/5", "command_id": "command-5", "user_id": boss}
    assert ask(store, claim(store, to_id=anna, **elsewhere)) is None  # a take-over is no pull
    store.clock.pass_by(AT_ONCE.total_seconds())
    again = {"call_id": "pbx/6", "command_id": "command-6", "user_id": boss}
    assert ask(store, claim(store, deed="pull", to_id=anna, **again)) is None


def test_a_command_makes_one_claim_whoever_sends_it_again(store: Store) -> None:
    ewa, jan = store.add_user("ewa", "1009"), store.add_user("jan", "1008")
    first = claim(store, deed="pull", user_id=ewa, to_id=ewa)
    assert ask(store, first) is None
    second = claim(store, deed="pull", call_id="pbx/2", user_id=jan, to_id=jan)
    assert ask(store, second) == first
    with store.unit_of_work() as uow:
        assert uow.supervision.claim_by("command-1") == first
        assert uow.supervision.claims({"pbx/2"}) == []


def test_a_claim_holds_until_it_is_released_or_its_time_has_passed(store: Store) -> None:
    one, two = store.add_user("ewa", "1009"), store.add_user("jan", "1008")
    first = claim(store, user_id=one, to_id=one)
    second = claim(store, user_id=two, to_id=two, command_id="command-2")
    assert ask(store, first) is None
    assert ask(store, second) == first
    with store.unit_of_work() as uow:
        assert uow.supervision.claim_on("pbx/1", NOW) == first
        uow.supervision.release("command-1")
        uow.commit()
    assert ask(store, second) is None
    store.clock.pass_by(AT_ONCE.total_seconds())
    third = claim(store, user_id=one, to_id=one, command_id="command-3")
    assert ask(store, third) is None
    store.clock.pass_by(-86_400)  # the clock was set back
    assert ask(store, claim(store, user_id=two, to_id=two, command_id="command-4")) is None


def test_a_claim_goes_with_its_call_into_another_and_ends_with_what_it_was_for(
    store: Store,
) -> None:
    one, anna = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    record = call("17.1", live=True, ended_at=None)
    mine = claim(store, call_id="pbx/9.9", user_id=one, to_id=one)
    assert ask(store, mine) is None
    spoken = replace(record.legs[0], endpoint="PJSIP/1009", answered_at=NOW, ended_at=None)
    users = {"PJSIP/1009": one, "PJSIP/1001": anna}
    with store.unit_of_work() as uow:
        without = replace(record, legs=())
        written = WrittenCalls({record.id: without}, {}, users, {"pbx/9.9": record.id}, {})
        call_claims.follow_calls(uow, written)
        assert uow.supervision.claims({record.id}) == [replace(mine, call_id=record.id)]
        taken = WrittenCalls({record.id: replace(record, legs=(spoken,))}, {}, users, {}, {})
        call_claims.follow_calls(uow, taken)
        assert uow.supervision.claims({record.id}) == []


def test_an_operator_who_may_not_know_hears_of_nobody(store: Store) -> None:
    boss, operator = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    record = call("17.1", live=True, ended_at=None)
    store.save(record)
    made = stretch(store, boss, operator, record.id, visible=False)
    with store.unit_of_work() as uow:
        told = service.news(uow, [made])
    assert [message.audience.users for message in told] == [(boss,)]
    with store.engine.connect() as connection:
        assert queries.of_user(connection, operator) == []


def listened_call(operator: str, boss: str) -> CallRecord:
    """Somebody speaks with `operator`, another phone rang in vain, and `boss` listens."""
    record = call("17.1", ended_at=None, answered_at=NOW)
    caller, rung = (replace(leg, ended_at=None) for leg in record.legs)
    spoke = replace(rung, endpoint=operator, uniqueid="17.3", answered_at=NOW)
    in_vain = replace(rung, uniqueid="17.4", ended_at=NOW)
    spy = replace(spoke, endpoint=boss, uniqueid="17.5", channel=f"{boss}-5", role="spy")
    return replace(record, legs=(replace(caller, answered_at=NOW), spoke, in_vain, spy))


def test_who_listens_by_a_code_is_shown_to_whom_they_listen_to_as_the_policy_says(
    store: Store,
) -> None:
    boss, spoken = store.add_user("ewa", "1009"), store.add_user("jan", "1002")
    rung = store.add_user("anna", "1001")
    record = listened_call("PJSIP/1002", "PJSIP/1009")
    users = {"PJSIP/1009": boss, "PJSIP/1002": spoken, "PJSIP/1001": rung}
    with store.unit_of_work() as uow:
        written = WrittenCalls({record.id: record}, {}, users, {}, {})
        service.follow_calls(uow, written, store.clock)
        (found,) = uow.supervision.open_in({record.id})
        assert (found.source, found.operator_id, found.visible) == ("keys", spoken, True)
        uow.supervision.set_policy({"": False})
        other = replace(record, legs=(*record.legs[:-1], replace(record.legs[-1], uniqueid="9.9")))
        service.follow_calls(uow, replace(written, records={record.id: other}), store.clock)
        assert [one.visible for one in uow.supervision.open_in({record.id})] == [True, False]


def door_of(store: Store) -> service.Door:
    return service.Door(
        unit_of_work=store.unit_of_work, publisher=store.publisher, clock=store.clock
    )


def follow(store: Store, record: CallRecord, users: dict[str, int]) -> Session:
    """What is kept of the only one who listens, after this was told of the call."""
    store.save(record)
    with store.unit_of_work() as uow:
        service.follow_calls(uow, WrittenCalls({record.id: record}, {}, users, {}, {}), store.clock)
        (found,) = uow.supervision.open_in({record.id})
        uow.commit()
    return found


def become(store: Store, user_id: int, **changes: object) -> None:
    with store.unit_of_work() as uow:
        uow.users.update(user_id, changes)
        uow.commit()


def test_whom_one_listens_to_who_began_before_the_answer_is_known_from_the_answer_on(
    store: Store,
) -> None:
    boss, anna = store.add_user("ewa", "1009"), store.add_user("anna", "1002")
    users = {"PJSIP/1009": boss, "PJSIP/1002": anna}
    talking = listened_call("PJSIP/1002", "PJSIP/1009")
    caller, rung, in_vain, spy = talking.legs
    legs = (caller, replace(rung, answered_at=None), in_vain, spy)
    rings = replace(talking, answered_at=None, legs=legs)
    before = follow(store, rings, users)
    assert (before.operator_id, before.visible) == (None, False)
    after = follow(store, talking, users)
    assert (after.id, after.operator_id, after.visible) == (before.id, anna, True)
    with store.engine.connect() as connection:
        (theirs,) = queries.of_user(connection, anna)
    assert (theirs["kind"], theirs["name"]) == ("heard", "Ewa")
    assert supervision_rights.put_out(door_of(store)) == 1


def test_who_may_listen_to_nobody_is_put_out_before_anybody_answers(store: Store) -> None:
    boss = store.add_user("ewa", "1009")
    record = listened_call("PJSIP/1002", "PJSIP/1009")
    assert follow(store, record, {"PJSIP/1009": boss}).operator_id is None
    assert supervision_rights.put_out(door_of(store)) == 1
    become(store, boss, role="supervisor", role_code="supervisor")
    assert supervision_rights.put_out(door_of(store)) == 0


def test_of_several_windows_that_step_in_at_once_one_rings_the_phone(store: Store) -> None:
    boss, _anna = store.add_user("ewa", "1009"), store.add_user("anna", "1002")
    become(store, boss, role="supervisor", role_code="supervisor")
    talking = listened_call("PJSIP/1002", "PJSIP/1009")
    store.save(replace(talking, legs=talking.legs[:-1]))
    together = Barrier(3)

    def press(window: int) -> str:
        together.wait(20)
        try:
            service.step_in(boss, talking.id, "listen", f"window-{window}-0000000", door_of(store))
        except Conflict as refusal:
            return refusal.message
        return ""

    with ThreadPoolExecutor(3) as pool:
        told = sorted(pool.map(press, range(3)))
    assert [one.partition(",")[0] for one in told] == ["", *["you do this already"] * 2]
    with store.unit_of_work() as uow:
        assert len(uow.supervision.open_of(boss)) == 1
    assert len(store.publisher.commands) == 1


def test_who_may_listen_no_more_is_put_out_while_who_took_over_goes_on(store: Store) -> None:
    boss, operator = store.add_user("ewa", "1009"), store.add_user("jan", "1002")
    record = listened_call("PJSIP/1002", "PJSIP/1009")
    store.save(record)
    stretch(store, boss, operator, record.id, channel="17.5")
    stretch(store, boss, operator, record.id, channel="17.5", mode="take_over")
    door = door_of(store)
    become(store, boss, role="supervisor", role_code="supervisor")
    assert supervision_rights.put_out(door) == 0
    become(store, boss, role="operator", role_code="operator")
    assert supervision_rights.put_out(door) == 1
    (command,) = store.publisher.commands
    assert (command.action, command.arguments) == ("hangup", {"channel": "PJSIP/1009-5"})
    become(store, boss, role="supervisor", role_code="supervisor", active=False)
    assert supervision_rights.put_out(door) == 1
    with store.engine.connect() as connection:
        assert queries.any_open(connection)


def test_the_list_goes_on_where_a_page_ended(store: Store) -> None:
    boss, operator = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    for at in (0, 0, 1):
        stretch(store, boss, operator, "pbx/1", asked_at=NOW + timedelta(seconds=at))
    with store.engine.connect() as connection:
        first = queries.stretches(connection, None, 2)
        second = queries.stretches(connection, first.next_cursor, 2)
        assert queries.stretches(connection, "nonsense", 9).next_cursor is None
    ids = [row.session.id for row in (*first.rows, *second.rows)]
    assert ids == [3, 2, 1]
    assert second.next_cursor is None


def test_a_loan_counts_in_the_place_of_what_is_kept_until_its_time_is_over(store: Store) -> None:
    boss, anna = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    now = NOW + timedelta(days=10_000)
    with store.unit_of_work() as uow:
        uow.staffing.set_skill(anna, "sales", 5)
        uow.supervision.lend(anna, "sales", 0, None, by=boss, at=NOW)
        uow.supervision.lend(anna, "support", 7, now, by=boss, at=NOW)
        assert uow.staffing.skills() == {anna: {"support": 7}}
        uow.supervision.lend(anna, "support", 7, NOW, by=boss, at=NOW)
        uow.supervision.end_loan(anna, "sales")
        assert uow.staffing.skills() == {anna: {"sales": 5}}


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    boss = shared_store.add_user("ewa", "1009")
    row = {"supervisor_id": boss, "operator_id": boss, "mode": "listen", "ended_at": NOW}
    with shared_store.engine.begin() as connection:
        connection.execute(
            insert(tables.supervision_sessions),
            [
                {"call_id": f"pbx/{n}", "channel": f"c{n}", "asked_at": NOW} | row
                for n in range(_MANY)
            ],
        )
    with shared_store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("analyze"))
    return shared_store


def test_nothing_reads_the_whole_list(filled: Store) -> None:
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        repository = SupervisionRepository(connection)
        repository.open_of(1)
        repository.open_now()
        queries.any_open(connection)
        repository.open_in({"pbx/1", "pbx/2"})
        repository.channels_known({"c1", "c2"})
        queries.of_user(connection, 1)
        queries.stretches(connection, None, 50)
        assert plans.full_scans({"supervision_sessions"}) == []
