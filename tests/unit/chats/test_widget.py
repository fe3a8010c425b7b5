"""Widgets: the addresses they stand at, and what cannot be one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.chats.widget import DEFAULT_COLOUR, Widget, checked, new_key, origin_of
from callcenter.errors import Invalid

SHOP = Widget(key="k", title="Shop", origins=("https://shop.example",))


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("shop.example", "https://shop.example"),
        ("https://Shop.Example/cart?x=1", "https://shop.example"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://żółw.example", "https://xn--w-uga1v8h.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_taken_as_it_is_copied(typed: str, origin: str) -> None:
    assert origin_of(typed) == origin


@pytest.mark.parametrize(
    "typed",
    ["*", "https://*.example", "javascript:alert(1)", "ftp://x.example", "https://a b", "https://",
     "https://user:secret@shop.example", "https://x.example:99999", "https://a;frame-src *"],
)  # fmt: skip
def test_what_is_no_site_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        origin_of(typed)


@pytest.mark.parametrize(
    "changes",
    [{"title": " "}, {"title": "x" * 81}, {"colour": "red;"}, {"greeting": "x" * 501},
     {"most_chats": 0}, {"most_chats": 99}, {"gone_minutes": 0}, {"origins": ("nonsense host",)}],
)  # fmt: skip
def test_what_cannot_be_stored_is_named(changes: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        checked(replace(SHOP, **changes))  # type: ignore[arg-type]
    assert refused.value.field in changes


def test_addresses_are_kept_once_and_compared_as_browsers_send_them() -> None:
    widget = checked(
        replace(SHOP, origins=("shop.example", "https://SHOP.example/", ""), colour="")
    )
    assert widget.origins == ("https://shop.example",)
    assert widget.colour == DEFAULT_COLOUR
    assert widget.stands_at("https://shop.example")
    assert not widget.stands_at("https://evil.example")


def test_every_key_is_another() -> None:
    assert new_key() != new_key()
