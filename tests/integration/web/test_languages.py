"""Every text exists in every language, whole and current, for pages and for scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from web.catalogs import TRANSLATED, extract, read_catalog


def _strings(message: Message) -> list[str]:
    text = message.string
    return list(text) if isinstance(text, (list, tuple)) else [str(text)]


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_message_is_missing_or_doubtful(locale: str) -> None:
    catalog = read_catalog(locale)
    known = {_key(m): m for m in catalog if m.id}
    wanted = [_key(m) for m in extract() if m.id]
    assert [text for text in wanted if text not in known] == [], "run: make i18n"
    assert [key for key, m in known.items() if not all(_strings(m)) or m.fuzzy] == []
    assert [key for key in known if key not in wanted] == [], "run: make i18n"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_plural_form_is_there(locale: str) -> None:
    catalog = read_catalog(locale)
    for message in catalog:
        if message.pluralizable:
            assert len(_strings(message)) == catalog.num_plurals == 3


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_keep_the_placeholders(locale: str) -> None:
    for message in read_catalog(locale):
        if message.id:
            for text in _strings(message):
                assert _placeholders(text) == _placeholders(_key(message)), text


def test_russian_is_cyrillic_and_polish_is_not_english() -> None:
    same = {"VIP", "VIP %(level)s", "VIP {level}", "Asterisk", "PBX"}
    for message in read_catalog("ru"):
        if message.id and _key(message) not in same:
            assert re.search("[а-яё]", _strings(message)[0], re.IGNORECASE), _key(message)


def test_no_text_stands_in_a_template_outside_the_translations() -> None:
    """Words between tags that are not inside an expression."""
    for path in Path("web/templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", "", text, flags=re.DOTALL)
        bare = re.sub(r"<(script|style|kbd)[^>]*>.*?</\1>", "", bare, flags=re.DOTALL)
        words = [
            w.strip()
            for w in re.findall(r">([^<>]+)<", bare)
            if re.search(r"^[^=]*[A-Za-z]{3}[^=]*$", w)
        ]
        assert words == [], path
