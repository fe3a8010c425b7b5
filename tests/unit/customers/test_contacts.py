"""Mail addresses, messengers and postal addresses: what is accepted, and when two are the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.customers.contacts import (
    CONTACT_KINDS,
    AddressDraft,
    ContactDraft,
    clean_addresses,
    clean_contacts,
    contact_key,
)
from callcenter.customers.preferences import clean_preferences
from callcenter.customers.tags import clean_tags
from callcenter.errors import Invalid


def test_each_kind_has_one_main_address() -> None:
    found = clean_contacts(
        (
            ContactDraft(value="a@example.org"),
            ContactDraft(value="A@Example.org", label="work"),
            ContactDraft(value="b@example.org", is_primary=True),
            ContactDraft(kind="telegram", value="@anna"),
        )
    )
    assert [(one.value, one.is_primary) for one in found] == [
        ("a@example.org", False),
        ("b@example.org", True),
        ("@anna", True),
    ]


@pytest.mark.parametrize(
    "value",
    ["", "anna", "anna@", "@example", "a b@example.org", "a@b", "<a@example.org>", "a" * 300],
)
def test_what_is_no_mail_address_is_refused_by_its_place(value: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_contacts((ContactDraft(value="ok@example.org"), ContactDraft(value=value)))
    assert refused.value.field == "contact_points.1.value"


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "x y"]
)
def test_a_page_is_an_address_that_a_browser_may_be_sent_to(value: str) -> None:
    with pytest.raises(Invalid):
        clean_contacts((ContactDraft(kind="site", value=value),))
    (site,) = clean_contacts((ContactDraft(kind="site", value="example.org/page"),))
    assert site.value == "https://example.org/page"


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", "Anna@Example.ORG", " anna@example.org "),
        ("telegram", "@Anna", "anna"),
        ("whatsapp", "+48 601 234 567", "+48601234567"),
        ("site", "https://www.example.org/", "http://example.org"),
    ],
)
def test_two_spellings_of_one_address_are_one(kind: str, one: str, other: str) -> None:
    assert contact_key(kind, one) == contact_key(kind, other)


@given(st.sampled_from(CONTACT_KINDS), st.text(max_size=80))
def test_a_key_of_a_key_is_the_key(kind: str, value: str) -> None:
    key = contact_key(kind, value)
    assert contact_key(kind, key) == contact_key(kind, contact_key(kind, key))


def test_an_empty_address_is_left_out_and_one_is_the_main_one() -> None:
    found = clean_addresses(
        (AddressDraft(), AddressDraft(city="Gdynia", country="pl"), AddressDraft(street="Prosta 1"))
    )
    assert [(one.city, one.country, one.is_primary) for one in found] == [
        ("Gdynia", "PL", True),
        ("", "", False),
    ]
    with pytest.raises(Invalid):
        clean_addresses((AddressDraft(city="x", country="Poland"),))


def test_tags_are_one_in_any_case() -> None:
    assert clean_tags(["VIP", " vip ", "", "Żółty", "zolty"]) == ("VIP", "Żółty")
    with pytest.raises(Invalid):
        clean_tags(["t" * 65])


@pytest.mark.parametrize(
    "told", [{"channel": "fax"}, {"call_from": "9"}, {"call_to": "25:00"}, {"colour": "red"}]
)
def test_a_preference_that_nobody_can_follow_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        clean_preferences(told)
    assert clean_preferences({"channel": "sms", "call_from": " 09:30 ", "note": ""}) == {
        "channel": "sms",
        "call_from": "09:30",
    }
