"""Whose rights reach as far as those that a file was made with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callcenter.exports import reach
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.viewer import EVERYTHING, Viewer

CONTACTS = {"report": "traffic", "what": "contacts"}
TABLE = {"report": "traffic", "what": "table"}


def viewer(user_id: int, *mates: int, fields: Any = None, **scopes: str) -> Viewer:
    """As a supervisor, but for these: `report_read="team"`."""
    told: Any = {tuple(name.split("_", 1)): scope for name, scope in scopes.items()}
    base = BUILTIN["supervisor"]
    access = {**base.fields, **(fields or {})}
    policy = Policy("x", "supervisor", "x", {**base.scopes, **told}, access)
    return Viewer(user_id, "x", "supervisor", frozenset({user_id, *mates}), policy)


def made(kind: str, plan: dict[str, Any], by: Viewer) -> dict[str, Any]:
    return {**plan, reach.KEY: reach.reach(kind, plan, by)}


def test_one_who_sees_all_gets_everybodys_and_a_team_what_is_wholly_its_own() -> None:
    of_two = made("report", TABLE, viewer(1, 2, report_read="team"))
    assert reach.covers(EVERYTHING, "report", of_two)
    assert reach.covers(viewer(9, 1, 2, 3, report_read="team"), "report", of_two)
    assert not reach.covers(viewer(9, 2, 3, report_read="team"), "report", of_two)
    assert not reach.covers(viewer(1, 2, report_read="own"), "report", of_two)
    assert not reach.covers(
        viewer(1, 2, report_read="team"), "report", made("report", TABLE, EVERYTHING)
    )


@pytest.mark.parametrize("right", ["interaction_read", "interaction_export", "customer_read"])
def test_contacts_go_by_every_right_that_shows_in_them_and_a_table_by_none_of_these(
    right: str,
) -> None:
    less = viewer(1, **{right: "own"})
    assert not reach.covers(less, "report", made("report", CONTACTS, EVERYTHING))
    assert reach.covers(less, "report", made("report", TABLE, EVERYTHING))


def test_a_number_that_is_masked_or_hidden_is_less_than_one_that_is_seen() -> None:
    by = {
        access: viewer(1, fields={("interaction", "number"): access})
        for access in ("hidden", "masked", "read", "write")
    }
    got = {
        (maker, reader): reach.covers(by[reader], "report", made("report", CONTACTS, by[maker]))
        for maker in by
        for reader in by
    }
    order = {"hidden": 0, "masked": 1, "read": 2, "write": 2}
    assert got == {(one, other): order[one] <= order[other] for one, other in got}


@pytest.mark.parametrize(
    ("kind", "column", "field"),
    [
        ("customers", "phones", ("customer", "phones")),
        ("customers", "street", ("customer", "addresses")),
        ("customers", "owner", ("customer", "owner_id")),
        ("customers", "telegram", ("customer", "messengers")),
        ("customers", "custom.pesel", ("customer", "custom:pesel")),
        ("customers", "custom.pesel", ("customer", "sensitive")),
        ("organizations", "tax_id", ("organization", "tax_id")),
        ("invoices", "amount", ("account", "amounts")),
        ("visits", "customer_phone", ("customer", "phones")),
        ("orders", "customer_email", ("customer", "emails")),
    ],
)
def test_a_column_goes_by_the_right_to_its_field_and_others_do_not_matter(
    kind: str, column: str, field: tuple[str, str]
) -> None:
    less = viewer(1, fields={field: "hidden"})
    assert not reach.covers(less, kind, made(kind, {"columns": [column]}, EVERYTHING))
    assert reach.covers(less, kind, made(kind, {"columns": ["display_name", "currency"]}, less))
    assert reach.covers(less, kind, made(kind, {"columns": ["city", "title"]}, EVERYTHING))


def test_a_file_that_does_not_say_is_believed_to_hold_all() -> None:
    assert reach.covers(EVERYTHING, "report", CONTACTS)
    assert reach.covers(viewer(1), "report", CONTACTS)
    assert not reach.covers(viewer(1, interaction_read="team"), "report", CONTACTS)


def test_of_two_reaches_the_wider_is_kept_of_each_part() -> None:
    one = reach.reach("report", CONTACTS, viewer(1, 2, interaction_read="team"))
    masked = viewer(3, customer_read="own", fields={("interaction", "number"): "masked"})
    both = reach.widest(one, reach.reach("report", CONTACTS, masked))
    assert both["scopes"]["interaction/read"] == "all"
    assert both["scopes"]["customer/read"] == "all"
    assert both["fields"] == {"interaction/number": "write"}
    two = viewer(5, 6, interaction_read="team", customer_read="team")
    mixed = reach.widest(one, reach.reach("report", CONTACTS, two))
    assert mixed["scopes"]["interaction/read"] == [1, 2, 5, 6]
    assert reach.widest(mixed, mixed) == mixed


def test_the_product_itself_keeps_what_it_made_as_wide_as_can_be() -> None:
    told = reach.reach("customers", {"columns": ["phones"]}, replace(EVERYTHING, user_id=4))
    assert set(told["scopes"].values()) == {"all"}
