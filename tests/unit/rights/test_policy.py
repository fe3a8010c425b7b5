"""What roles allow, and that more rights never show less."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.errors import Invalid
from callcenter.realtime.messages import Audience, Message
from callcenter.rights.masked import Masked, number_as
from callcenter.rights.masking import is_masked, mask_email, mask_number, mask_text
from callcenter.rights.objects import (
    ACCESSES,
    ACTIONS,
    FIELDS,
    OBJECTS,
    SCOPES,
    Access,
    Object,
    Scope,
    accesses_of,
    scopes_of,
)
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.reference import Reference
from callcenter.rights.viewer import EVERYTHING, Viewer, built_in
from callcenter.segments.columns import read_sort, sorts
from web import hearing

NUMBER = "+48601234567"
MAIL = "anna.nowak@example.pl"
scopes = st.sampled_from(SCOPES)
accesses = st.sampled_from(ACCESSES)
owners = st.lists(st.one_of(st.none(), st.integers(1, 5)), max_size=4)


def viewer(scope: Scope = "all", access: Access = "write") -> Viewer:
    policy = Policy(
        "made",
        "operator",
        "Made",
        {(thing, action): scope for thing in OBJECTS for action in ACTIONS[thing]},
        {(thing, name): access for thing, names in FIELDS.items() for name in names},
    )
    return Viewer(1, "made", "operator", frozenset({1, 2}), policy)


def call(*people: int) -> dict[str, object]:
    customer = {"id": 7, "display_name": "Anna", "phones": [NUMBER], "overdue_minor": 5}
    return {
        "call_id": "pbx/1",
        "live": True,
        "direction": "inbound",
        "number": NUMBER,
        "number_e164": NUMBER,
        "match": "one",
        "customers": [customer],
        "parties": [{"user_id": one} for one in people],
    }


def test_the_built_in_roles_name_every_right_and_every_field() -> None:
    for policy in BUILTIN.values():
        assert set(policy.scopes) == {(one, do) for one in OBJECTS for do in ACTIONS[one]}
        assert set(policy.fields) == {(one, name) for one in FIELDS for name in FIELDS[one]}
        for (thing, action), scope in policy.scopes.items():
            assert scope in scopes_of(thing, action)
        for (thing, name), access in policy.fields.items():
            assert access in accesses_of(thing, name)


def test_built_in_roles_see_everything_as_it_is() -> None:
    assert all(policy.unlimited for policy in BUILTIN.values())
    assert EVERYTHING.policy.unlimited
    assert not viewer("own").policy.unlimited
    assert not viewer(access="masked").policy.unlimited


@pytest.mark.parametrize("thing", ["organization", "conversation", "deal", "task", "account"])
def test_a_role_that_sees_only_its_own_of_anything_is_limited(thing: Object) -> None:
    whole = viewer().policy
    assert whole.unlimited
    assert not replace(whole, scopes={**whole.scopes, (thing, "read"): "own"}).unlimited


def test_one_hidden_field_of_a_companys_own_limits_a_role() -> None:
    whole = viewer().policy
    for access in ("hidden", "masked"):
        fields = {**whole.fields, ("customer", "custom:iban"): access}
        assert not replace(whole, fields=fields).unlimited  # type: ignore[arg-type]


@given(one=accesses, other=accesses)
def test_a_sensitive_field_has_the_stricter_of_its_two_rights(one: Access, other: Access) -> None:
    fields: dict[tuple[Object, str], Access] = {
        ("customer", "custom:iban"): one,
        ("customer", "sensitive"): other,
    }
    made = Viewer(1, "made", "operator", frozenset(), Policy("made", "operator", fields=fields))
    seen = made.own_field("customer", "iban", sensitive=True)
    assert ACCESSES.index(seen) == min(ACCESSES.index(one), ACCESSES.index(other))
    assert made.own_field("customer", "iban", sensitive=False) == one


def test_nobody_sorts_by_what_they_do_not_see() -> None:
    whole = viewer().policy
    blind = replace(whole, fields={**whole.fields, ("account", "amounts"): "hidden"})
    seer = Viewer(1, "made", "operator", frozenset(), blind)
    assert read_sort("-lifetime", sorts(viewer())).column == "lifetime"
    with pytest.raises(Invalid):
        read_sort("-lifetime", sorts(seer))


def test_what_a_role_does_not_name_is_denied() -> None:
    bare = Viewer(1, "bare", "admin", frozenset(), Policy("bare", "admin"))
    assert not any(bare.may(thing, do) for thing in OBJECTS for do in ACTIONS[thing])
    assert bare.field("customer", "phones") == "hidden"
    assert bare.field("customer", "custom:card") == "hidden"


def test_a_field_without_rights_of_its_own_follows_its_record() -> None:
    assert built_in(1, "operator").field("customer", "display_name") == "write"


@given(scopes, scopes, owners)
def test_a_wider_scope_never_reaches_less(
    one: Scope, other: Scope, whose: list[int | None]
) -> None:
    less, more = sorted((one, other), key=SCOPES.index)
    if viewer(less).reaches("customer", "read", whose):
        assert viewer(more).reaches("customer", "read", whose)


@given(scopes, scopes, accesses, accesses, st.sets(st.integers(1, 4), max_size=3))
def test_more_rights_never_show_less_of_a_call(
    one: Scope, other: Scope, this: Access, that: Access, people: set[int]
) -> None:
    less = viewer(min(one, other, key=SCOPES.index), min(this, that, key=ACCESSES.index))
    more = viewer(max(one, other, key=SCOPES.index), max(this, that, key=ACCESSES.index))
    shown, wider = (hearing.seen_call(who, call(*people)) for who in (less, more))
    assert set(shown) - {"merged_into"} <= set(wider)
    assert len(shown.get("customers", ())) <= len(wider.get("customers", ()))
    assert disclosed(shown.get("number", "")) <= disclosed(wider.get("number", ""))


def disclosed(number: str) -> int:
    return 0 if not number else 1 if is_masked(number) else 2


@given(accesses, accesses)
def test_more_access_never_shows_less_of_a_number(one: Access, other: Access) -> None:
    less, more = sorted((one, other), key=ACCESSES.index)
    assert disclosed(number_as(less, NUMBER)) <= disclosed(number_as(more, NUMBER))


@given(st.from_regex(r"\+[1-9]\d{7,13}", fullmatch=True))
def test_a_masked_number_keeps_its_country_and_its_end_alone(number: str) -> None:
    masked = mask_number(number)
    assert (len(masked), masked[:3], masked[-2:]) == (len(number), number[:3], number[-2:])
    assert not set(masked[3:-2]) & set("0123456789")


def test_masks_keep_the_shape_of_what_they_hide() -> None:
    assert mask_number("1001") == "1001"
    assert mask_email(MAIL) == "a•••@e•••.pl"
    assert mask_text("") == ""
    assert mask_text("5551") == "••••••"
    assert mask_text("4111 1111 1111 1234") == "••••••34"


def test_a_masked_value_says_whose_it_is() -> None:
    masked = number_as("masked", NUMBER, "phone/4")
    assert isinstance(masked, Masked)
    assert Reference.read(masked.whose) == Reference("phone", 4)
    assert Reference.read("customer/5/1") == Reference("customer", 5, 1)


@pytest.mark.parametrize("text", ["", "+48601234567", "user/1", "phone/x", "phone/1/2/3", "phone"])
def test_any_other_text_is_no_reference(text: str) -> None:
    assert Reference.read(text) is None


def test_a_call_at_a_colleagues_phone_is_off_ones_screen() -> None:
    told = Message(kind="call", audience=Audience(), payload={"call": call(3)})
    heard = hearing.heard(viewer("own"), told)
    assert heard is not None
    assert heard.payload["call"] == {"call_id": "pbx/1", "live": False, "merged_into": None}


def test_ones_own_callers_card_is_shown_with_its_numbers_masked() -> None:
    shown = hearing.seen_pop(viewer("own", "masked"), call(1))
    assert shown["customers"][0]["display_name"] == "Anna"
    assert shown["customers"][0]["phones"] == [mask_number(NUMBER)]
    assert shown["number"] == mask_number(NUMBER)


def test_without_a_right_to_customers_a_caller_is_a_stranger() -> None:
    shown = hearing.seen_pop(viewer("none"), call(1))
    assert (shown["customers"], shown["match"]) == ([], "none")
