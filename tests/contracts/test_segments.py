"""Filters hold for whom they say, on both databases; saved as segments; done to many at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from callcenter.accounts.user import UserDraft
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.queries import by_value, customer_list, segments
from callcenter.rights.viewer import EVERYTHING, Viewer, built_in
from callcenter.segments.bulk import BulkAction
from callcenter.segments.columns import SORTS, Sort
from callcenter.segments.segment import SegmentDraft
from callcenter.segments.tree import parse
from callcenter.services import batches, bulk
from callcenter.services import segments as services
from callcenter.store import tables
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

NAMES = ("Anna", "Bolek", "Cecylia", "Dorota", "Edward", "Filip")


@pytest.fixture
def people(store: Store) -> dict[str, int]:
    """Each of them differs from the others in something."""
    boss = store.add_user("boss", "")
    ids = {
        "Anna": store.add_customer(
            "Anna", "+48221000001", vip_level=2, city="Kraków", language="pl"
        ),
        "Bolek": store.add_customer("Bolek", blocked=True, city="Łódź", owner_id=boss),
        "Cecylia": store.add_customer("Cecylia", firm="Tartak", city="Kraśnik"),
        "Dorota": store.add_customer("Dorota", confirmed=False),
        "Edward": store.add_customer("Edward", "+79160000001"),
        "Filip": store.add_customer("Filip"),
    }
    with store.engine.begin() as connection:
        run = connection.execute
        run(insert(tables.tags), [{"id": 900, "name": "Fair", "tag_key": "fair"}])
        run(insert(tables.customer_tags).values(customer_id=ids["Anna"], tag_id=900))
        run(
            insert(tables.contact_points).values(
                customer_id=ids["Bolek"], kind="email", value="B@x.pl", value_key="b@x.pl"
            )
        )
        run(
            insert(tables.consents),
            [
                {"customer_id": ids["Anna"], "channel": "email", "given": True, "at": NOW},
                {
                    "customer_id": ids["Anna"],
                    "channel": "email",
                    "given": False,
                    "at": NOW + timedelta(days=1),
                },
                {"customer_id": ids["Bolek"], "channel": "email", "given": True, "at": NOW},
            ],
        )
        run(
            insert(tables.customer_figures),
            [
                _figures(ids["Anna"], lifetime_minor=500, abc="A", last_talk_at=NOW),
                _figures(ids["Bolek"], last_talk_at=NOW - timedelta(days=40), overdue_minor=70),
            ],
        )
        run(
            insert(tables.custom_fields),
            [
                {"id": 901, "object": "customer", "key": "code", "label": "Code", "kind": "text"},
                {"id": 902, "object": "customer", "key": "score", "label": "S", "kind": "number"},
                {"id": 903, "object": "customer", "key": "ends", "label": "E", "kind": "date"},
            ],
        )
        run(
            insert(tables.custom_values),
            [
                {"object_id": ids["Cecylia"], "field_id": 901, "text": "UM-1", "number": None}
                | {"day": None},
                {"object_id": ids["Dorota"], "field_id": 902, "text": "", "number": 12_500_000}
                | {"day": None},
                {"object_id": ids["Edward"], "field_id": 903, "text": "", "number": None}
                | {"day": TODAY},
            ],
        )
        run(insert(tables.interactions), [_missed(ids["Edward"], n) for n in range(3)])
        run(insert(tables.interactions), [_missed(ids["Filip"], 20 + n) for n in range(3)])
        run(
            insert(tables.outcomes),
            [{"id": 900 + n, "label": f"O{n}", "labels": {}, "requires": []} for n in range(1, 3)],
        )
        contacts = run(
            text("select id from interactions where customer_id = :id order by started_at"),
            {"id": ids["Edward"]},
        ).scalars()
        run(
            insert(tables.interaction_outcomes),
            [
                {"interaction_id": one, "outcome_id": 901 + (n > 0), "user_id": boss}
                | {"at": NOW, "details": {}}
                for n, one in enumerate(contacts)
            ],
        )
    return ids


def _figures(customer_id: int, **values: object) -> dict[str, object]:
    usual: dict[str, object] = {"lifetime_minor": 0, "overdue_minor": 0, "abc": ""}
    usual |= {"last_talk_at": None}
    return {"customer_id": customer_id, "updated_at": NOW} | usual | values


def _missed(customer_id: int, days: int) -> dict[str, object]:
    return {
        "direction": "inbound",
        "result": "missed",
        "number": "",
        "customer_id": customer_id,
        "match": "one",
        "started_at": NOW - timedelta(days=days),
        "explanation": {},
        "created_at": NOW,
        "updated_at": NOW,
        "talk_seconds": 0,
        "hold_seconds": 0,
    } | dict.fromkeys(("number_raw", "number_kind", "dialed", "queue"), "")


def held(store: Store, told: dict[str, Any], viewer: Viewer = EVERYTHING) -> str:
    """The first letters of whom it holds for."""
    with store.engine.connect() as connection:
        group = parse(told, segments.fields_for(connection, viewer))
        context = segments.context_for(connection, viewer, group, NOW, TODAY)
        listed = customer_list.listed(context, viewer, group, Sort(), None, 50)
        assert customer_list.count(context, viewer, group) == len(listed.ids)
        assert customer_list.counted(context, viewer, group) == (len(listed.ids), True)
    return "".join(one.display_name[0] for one in listed.page.items)


def one(field: str, op: str, value: Any = None) -> dict[str, Any]:
    told = {"field": field, "op": op}
    return {"all": [told if value is None else {**told, "value": value}]}


CONDITIONS = [
    ("name", "has_words", "анна", "A"),
    ("city", "is", "Łódź", "B"),
    ("city", "begins", "Kra", "AC"),
    ("city", "empty", None, "DEF"),
    ("language", "filled", None, "A"),
    ("vip", "yes", None, "A"),
    ("vip", "no", None, "BCDEF"),
    ("vip_level", "between", [1, 3], "A"),
    ("blocked", "yes", None, "B"),
    ("confirmed", "no", None, "D"),
    ("owner", "filled", None, "B"),
    ("owner", "empty", None, "ACDEF"),
    ("organization", "filled", None, "C"),
    ("tag", "in", [900], "A"),
    ("tag", "not_in", [900], "BCDEF"),
    ("tag", "empty", None, "BCDEF"),
    ("phone", "begins", "+48 22", "A"),
    ("phone", "empty", None, "BCDF"),
    ("email", "is", "b@X.pl", "B"),
    ("email", "empty", None, "ACDEF"),
    ("messenger", "filled", None, ""),
    ("consent_email", "in", ["given"], "B"),
    ("consent_email", "in", ["refused"], "A"),
    ("consent_email", "in", ["unknown"], "CDEF"),
    ("consent_email", "not_in", ["unknown"], "AB"),
    ("debtor", "yes", None, ""),
    ("lifetime", "at_least", 500, "A"),
    ("lifetime", "at_most", 100, "BCDEF"),
    ("overdue", "between", [50, 100], "B"),
    ("abc", "in", ["A"], "A"),
    ("abc", "not_in", ["A"], "BCDEF"),
    ("last_talk_at", "days_ago", 30, "BCDEF"),
    ("last_talk_at", "within_days", 30, "A"),
    ("last_talk_at", "empty", None, "CDEF"),
    ("created_at", "within_days", 1, "ABCDEF"),
    ("contacts", "at_least", {"count": 3, "days": 7, "result": "missed"}, "E"),
    ("contacts", "at_least", {"count": 1, "days": 30}, "EF"),
    ("contacts", "at_most", {"count": 0, "days": 30}, "ABCD"),
    ("last_outcome", "in", [901], ""),
    ("last_outcome", "in", [902], "E"),
    ("open_deal", "no", None, "ABCDEF"),
    ("open_task", "yes", None, ""),
    ("overdue_task", "no", None, "ABCDEF"),
    ("custom:code", "is", "UM-1", "C"),
    ("custom:code", "is_not", "UM-1", "ABDEF"),
    ("custom:code", "begins", "UM", "C"),
    ("custom:score", "at_least", 12.5, "D"),
    ("custom:score", "at_most", 12.4, ""),
    ("custom:ends", "within_days", 1, "E"),
    ("custom:ends", "empty", None, "ABCDF"),
]


def test_each_condition_holds_for_whom_it_says(store: Store, people: dict[str, int]) -> None:
    found = {
        f"{field} {op} {value}": (held(store, one(field, op, value)), expected)
        for field, op, value, expected in CONDITIONS
    }
    assert {what: both for what, both in found.items() if both[0] != both[1]} == {}


def test_none_of_is_everybody_else(store: Store, people: dict[str, int]) -> None:
    everybody = "ABCDEF"
    for field, op, value, expected in CONDITIONS:
        (condition,) = one(field, op, value)["all"]
        rest = held(store, {"none": [condition]})
        assert rest == "".join(sorted(set(everybody) - set(expected))), (field, op)


def test_groups_within_groups(store: Store, people: dict[str, int]) -> None:
    vip, blocked = one("vip", "yes")["all"][0], one("blocked", "yes")["all"][0]
    firm = one("organization", "filled")["all"][0]
    assert held(store, {"any": [vip, blocked, firm]}) == "ABC"
    assert held(store, {"all": [{"any": [vip, blocked]}, {"none": [blocked]}]}) == "A"
    assert held(store, {"none": [{"all": [vip, blocked]}, firm]}) == "ABDEF"
    assert held(store, {"all": []}) == "ABCDEF"


def test_the_list_goes_in_any_order_and_shows_everybody_once(
    store: Store, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for few, walked in ((5_000, 1), (2, 1), (2, 50)):  # gathered, walked, walked at once
        monkeypatch.setattr(customer_list, "FEW", few)
        monkeypatch.setattr(customer_list, "WALKED", walked)
        for column in SORTS:
            for descending in (False, True):
                seen = list(_pages(store, Sort(column, descending)))
                assert sorted(seen) == sorted(people.values()), (few, column, descending)


def test_who_stands_far_down_the_list_is_shown_in_its_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    languages = [*["pl"] * 8, *["ru", "de", "", "ru", "de", "ru"]]
    ids = [store.add_customer(f"P{n:02}", language=one) for n, one in enumerate(languages)]
    others, russians = ids[8:], [ids[8], ids[11], ids[13]]
    monkeypatch.setattr(customer_list, "FEW", 1)
    monkeypatch.setattr(customer_list, "WALKED", 1)
    for walked in (1, 2, 100):  # too few of each value to be sure, and enough
        monkeypatch.setattr(by_value, "_WALKED", walked)
        for condition, expected in (
            ({"field": "language", "op": "is_not", "value": "pl"}, others),
            ({"field": "language", "op": "is", "value": "ru"}, russians),
        ):
            told = {"all": [condition, {"field": "vip", "op": "no"}]}
            assert list(_pages(store, Sort(), told)) == expected
            assert list(_pages(store, Sort("name", True), told)) == expected[::-1]


EVERYBODY: dict[str, Any] = {"none": [{"field": "messenger", "op": "filled"}]}


def _pages(store: Store, sort: Sort, told: dict[str, Any] = EVERYBODY) -> Iterable[int]:
    cursor, more = None, True
    with store.engine.connect() as connection:
        group = parse(told, segments.fields_for(connection, EVERYTHING))
        context = segments.context_for(connection, EVERYTHING, group, NOW, TODAY)
        while more:
            listed = customer_list.listed(context, EVERYTHING, group, sort, cursor, 2)
            yield from listed.ids
            cursor = listed.page.next_cursor
            more = cursor is not None


# --- segments -------------------------------------------------------------------------------------


def save(store: Store, user_id: int, told: dict[str, Any], **more: Any) -> int:
    draft = SegmentDraft(
        name="Mine", filter=told, **{k: v for k, v in more.items() if k != "members"}
    )
    return services.create(
        draft,
        user_id=user_id,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        members=more.get("members", ()),
    )


def test_a_live_segment_follows_and_a_frozen_one_stays(
    store: Store, people: dict[str, int]
) -> None:
    anna = store.add_user()
    live = save(store, anna, one("vip", "yes"), shared=True)
    frozen = save(store, anna, one("vip", "yes"), frozen=True, members=[people["Anna"]])
    with store.engine.begin() as connection:
        connection.execute(tables.customers.update().values(vip_level=1))
    viewer = built_in(anna, "operator")
    assert held(store, one("in_segment", "in", [live]), viewer) == "ABCDEF"
    assert held(store, one("in_segment", "in", [frozen]), viewer) == "A"
    assert held(store, one("in_segment", "not_in", [frozen]), viewer) == "BCDEF"


def test_a_segment_is_its_owners_unless_it_is_shared(store: Store, people: dict[str, int]) -> None:
    anna, ola = store.add_user(), store.add_user("ola", "1009")
    mine, shared = save(store, anna, one("vip", "yes")), save(store, anna, {"all": []}, shared=True)
    with store.engine.connect() as connection:
        seen = [s.id for s in segments.all_for(connection, built_in(ola, "operator"))]
        assert segments.get(connection, mine, built_in(ola, "operator")) is None
    assert seen == [shared]
    common = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    with pytest.raises(NotFound):
        services.delete(mine, user_id=ola, **common)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        services.update(shared, {"name": "x"}, version=1, user_id=ola, **common)  # type: ignore[arg-type]
    assert services.update(mine, {"name": "VIPs"}, version=1, user_id=anna, **common) == 2  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        services.update(mine, {"name": "x"}, version=1, user_id=anna, **common)  # type: ignore[arg-type]
    services.delete(mine, user_id=anna, **common)  # type: ignore[arg-type]


def test_a_segment_that_speaks_of_itself_ends(store: Store, people: dict[str, int]) -> None:
    anna = store.add_user()
    loop = save(store, anna, {"all": []})
    with store.unit_of_work() as uow:
        told = {"any": [*one("vip", "yes")["all"], *one("in_segment", "in", [loop])["all"]]}
        uow.segments.update(loop, {"filter": told}, version=1, at=NOW)
        uow.commit()
    assert held(store, one("in_segment", "in", [loop]), built_in(anna, "operator")) == "A"


# --- bulk actions ---------------------------------------------------------------------------------


@pytest.fixture
def leader(store: Store) -> int:
    with store.unit_of_work() as uow:
        draft = UserDraft(username="lea", display_name="Lea", role="supervisor")
        user_id = uow.users.add(draft, "no password", NOW)
        uow.commit()
    return user_id


def run(store: Store, leader: int, action: BulkAction, ids: list[int]) -> int:
    common: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    batch_id = bulk.begin(action, ids, "Test", user_id=leader, **common)
    bulk.run(batch_id, publisher=store.publisher, **common)
    return batch_id


def undo(store: Store, leader: int, batch_id: int) -> None:
    kept = batches.undo(
        batch_id,
        user_id=leader,
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
    )
    assert kept == ()


def test_what_is_done_to_many_is_shown_before_told_and_undone(
    store: Store, people: dict[str, int], leader: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PART", 2)
    ids = list(people.values())
    for action, told in (
        (BulkAction(kind="owner", value=leader), one("owner", "in", [leader])),
        (BulkAction(kind="status", value="active"), one("status", "in", ["active"])),
        (BulkAction(kind="field", key="score", value="7"), one("custom:score", "at_most", 7)),
        (BulkAction(kind="add_tag", value="Spring"), one("tag", "filled")),
        (BulkAction(kind="tasks", task={"title": "Call"}), one("open_task", "yes")),
    ):
        before = held(store, told)
        rows = bulk.preview(action, ids, user_id=leader, unit_of_work=store.unit_of_work)
        assert len(rows) == len(ids)
        batch_id = run(store, leader, action, ids)
        assert held(store, told) == "ABCDEF", action
        undo(store, leader, batch_id)
        assert held(store, told) == before, action


def test_who_is_left_out_is_said(store: Store, people: dict[str, int], leader: int) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            tables.customers.update()
            .where(tables.customers.c.id == people["Bolek"])
            .values(legal_hold="court", owner_id=leader)
        )
    owner = BulkAction(kind="owner", value=leader)
    rows = bulk.preview(
        owner, list(people.values()), user_id=leader, unit_of_work=store.unit_of_work
    )
    assert {row.name: row.why for row in rows if row.why} == {"Bolek": "same"}
    batch_id = run(store, leader, BulkAction(kind="delete"), list(people.values()))
    assert held(store, {"all": []}) == "B"
    left = bulk.left_out(batch_id, unit_of_work=store.unit_of_work)
    assert left == [(people["Bolek"], "legal_hold")]
    undo(store, leader, batch_id)
    assert held(store, {"all": []}) == "ABCDEF"


def test_a_bulk_action_goes_on_after_a_kill(
    store: Store, people: dict[str, int], leader: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PART", 2)
    common: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    action = BulkAction(kind="status", value="lost")
    batch_id = bulk.begin(action, list(people.values()), "x", user_id=leader, **common)
    assert bulk.turn(publisher=store.publisher, **common) == 2
    assert len(held(store, one("status", "in", ["lost"]))) == 2
    while bulk.turn(publisher=store.publisher, **common):
        pass
    assert held(store, one("status", "in", ["lost"])) == "ABCDEF"
    told = [message.payload for message in store.publisher.messages if message.kind == "message"]
    assert (told[-1]["id"], told[-1]["done"], told[-1]["state"]) == (batch_id, 6, "done")
    with store.engine.connect() as connection:
        assert not segments.has_bulk_work(connection)


def test_members_go_into_a_frozen_segment_and_out_again(
    store: Store, people: dict[str, int], leader: int
) -> None:
    frozen = save(store, leader, {"all": []}, frozen=True)
    action = BulkAction(kind="add_to_segment", value=frozen)
    batch_id = run(store, leader, action, [people["Anna"], people["Filip"]])
    told = one("in_segment", "in", [frozen])
    assert held(store, told, built_in(leader, "supervisor")) == "AF"
    undo(store, leader, batch_id)
    assert held(store, told, built_in(leader, "supervisor")) == ""


def test_an_operator_may_not_do_to_many_what_they_may_not_to_one(
    store: Store, people: dict[str, int]
) -> None:
    anna = store.add_user()
    for action, error in (
        (BulkAction(kind="owner", value=anna), Forbidden),
        (BulkAction(kind="delete"), Forbidden),
        (BulkAction(kind="status", value="nonsense"), Invalid),
    ):
        with pytest.raises(error):
            bulk.preview(action, [1], user_id=anna, unit_of_work=store.unit_of_work)


# --- plans ----------------------------------------------------------------------------------------


def test_no_filter_reads_what_belongs_to_customers_through(
    store: Store, people: dict[str, int]
) -> None:
    """Each condition is answered from an index of its own table."""
    if store.engine.dialect.name == "postgresql":  # SQLite would read one row through for less
        with store.engine.begin() as connection:
            connection.execute(text("analyze"))
    large = ("interactions", "customer_words", "custom_values", "contact_points",
             "customer_tags", "customer_figures", "segment_members")  # fmt: skip
    guilty = {}
    for field, op, value, _expected in CONDITIONS:
        with store.engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # so few rows are read through for less
                connection.execute(text("set local enable_seqscan = off"))
            told = one(field, op, value)
            group = parse(told, segments.fields_for(connection, EVERYTHING))
            context = segments.context_for(connection, EVERYTHING, group, NOW, TODAY)
            plans = Plans(connection)
            customer_list.listed(context, EVERYTHING, group, Sort(), None, 50)
            if scans := plans.full_scans(large):
                guilty[f"{field} {op}"] = scans
    assert guilty == {}
