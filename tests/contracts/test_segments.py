"""Filters hold for whom they say, on both databases; saved as segments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import text

from callcenter.errors import Conflict, Forbidden, NotFound
from callcenter.queries import by_value, customer_list, segments
from callcenter.rights.viewer import EVERYTHING, built_in
from callcenter.segments.columns import SORTS, Sort
from callcenter.segments.tree import parse
from callcenter.services import segments as services
from callcenter.store import tables
from tests.support.different_people import held, one, people, save
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

__all__ = ["people"]

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
