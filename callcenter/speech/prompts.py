"""What a company lets its callers hear, and what is heard where a language lacks it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from callcenter.speech.builtin import BUILTIN, LOCALES

Source = Literal["spoken", "uploaded", "recorded"]
KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
LONGEST_TEXT: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFile:
    """Somebody's own sound of a prompt in a language."""

    source: Source
    stored_as: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    key: str
    title: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, SoundFile] = field(default_factory=dict)

    @property
    def builtin(self) -> bool:
        return self.key in BUILTIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A file that is there, or a text to be read in a language."""

    stored_as: str = ""
    text: str = ""
    locale: str


def heard_as(prompt: Prompt | None, key: str, locale: str) -> Iterator[Heard]:
    """What to try, best first: somebody's voice in this language, their text, our text; then the
    same in the other languages, since a caller is better told in English than not at all.
    """
    own = prompt or Prompt(key=key)
    for one in (locale, *(other for other in LOCALES if other != locale)):
        if one in own.files:
            yield Heard(stored_as=own.files[one].stored_as, locale=one)
        text = text_of(own, one)
        if text:
            yield Heard(text=text, locale=one)


def text_of(prompt: Prompt, locale: str) -> str:
    return prompt.texts.get(locale, "").strip() or BUILTIN.get(prompt.key, {}).get(locale, "")
