"""Voice menus, prompts, and what callers prove who they are by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from callcenter.menus.guessing import Halt, Tries
from callcenter.menus.stored import MenuVersion, StoredMenu
from callcenter.speech.prompts import Prompt, SoundFile


class Menus(Protocol):
    def all(self) -> tuple[StoredMenu, ...]: ...

    def get(self, key: str) -> StoredMenu | None: ...

    def add(self, key: str, title: str, at: datetime) -> int:
        """Conflict if there is one of that key."""
        ...

    def rename(self, menu_id: int, title: str) -> None: ...

    def remove(self, menu_id: int, at: datetime) -> None: ...

    def versions(self, menu_id: int) -> tuple[MenuVersion, ...]:
        """The newest first."""
        ...

    def save_draft(
        self, menu_id: int, definition: Mapping[str, Any], *, user_id: int | None, at: datetime
    ) -> None: ...

    def drop_draft(self, menu_id: int) -> None: ...

    def publish(self, menu_id: int, *, user_id: int | None, at: datetime) -> int:
        """The draft becomes live, what was live past. The number of the version."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRecording:
    id: int
    prompt_key: str
    locale: str
    user_id: int


class PromptShelf(Protocol):
    def all(self) -> Mapping[str, Prompt]:
        """The company's own, by key."""
        ...

    def save(self, prompt: Prompt, at: datetime) -> None:
        """Key, title and texts; the files stay."""
        ...

    def remove(self, key: str) -> None: ...

    def set_file(
        self, key: str, locale: str, file: SoundFile, sha256: str, *, user_id: int, at: datetime
    ) -> None: ...

    def remove_file(self, key: str, locale: str) -> None: ...

    def ask_recording(
        self, key: str, locale: str, code: str, *, user_id: int, at: datetime
    ) -> None: ...

    def asked_recording(self, code: str, since: datetime) -> AskedRecording | None:
        """One that is still waited for."""
        ...

    def end_recording(self, recording_id: int, state: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerPin:
    customer_id: int
    digest: str
    failed: int = 0
    locked_until: datetime | None = None
    set_at: datetime | None = None


class Pins(Protocol):
    def of(self, customer_id: int) -> CallerPin | None: ...

    def of_one_who_tries(self, customer_id: int) -> CallerPin | None:
        """As it stands now; other tries wait until this one is counted."""
        ...

    def customer_of(self, number: str) -> int | None:
        """Whose customer number it is: the company's own, else the number of the card."""
        ...

    def number_of(self, customer_id: int) -> str:
        """The number that this customer keys in."""
        ...

    def set(self, customer_id: int, digest: str, *, user_id: int | None, at: datetime) -> None: ...

    def remove(self, customer_id: int) -> None: ...

    def failed(self, customer_id: int, count: int, locked_until: datetime | None) -> None: ...

    def tries(self, caller: str, customer_id: int | None, now: datetime) -> Tries:
        """`caller`: the number of whoever is about to try ('' for a hidden one); `customer_id`:
        who they say they are, None before they have said so."""
        ...

    def halt(self, most: int, now: datetime) -> Halt | None:
        """None while everybody is asked for their PIN. Of those who see one at the same moment
        that nobody was told of, one has the turn until its transaction ends."""
        ...

    def note(self, number: str, customer_id: int | None, *, ok: bool, at: datetime) -> None: ...

    def forget_from(self, numbers: Sequence[str]) -> int:
        """Tries from numbers that end so, whomever they tried to be. How many."""
        ...

    def prune(self, before: datetime, limit: int) -> int: ...
