"""Old months of calls as files, and which of them the database keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from callcenter.archive.months import Month
from callcenter.archive.shapes import Packed


@dataclass(frozen=True, slots=True)
class Part:
    """The files of one month, and which of their interactions count: those after `above`, up to
    `upto`, and none of `struck`."""

    folder: str
    above: int = 0
    upto: int | None = None
    struck: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a month's files came to. `sha256` is that of all of them together."""

    folder: str
    sha256: str
    bytes: int
    interactions: int
    first_id: int
    last_id: int
    files: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


class ArchiveWriter(Protocol):
    def add(self, packed: Sequence[Packed]) -> None: ...

    def finish(self) -> Kept:
        """Raises OSError or ValueError for what cannot be written as it is."""
        ...

    def drop(self) -> None:
        """What was begun and is of no use."""
        ...


class ArchiveFiles(Protocol):
    def any(self) -> bool:
        """Whether there was ever anything moved here."""
        ...

    def order_as(self, dialect: str) -> None:
        """Before anything is read: what is unknown sorts as it does in this kind of database."""
        ...

    def write(self, month: str) -> ArchiveWriter: ...

    def walk(
        self, folder: str, after: int = 0, lot: int = 500
    ) -> Iterator[list[tuple[Packed, str]]]:
        """All interactions with the digest they were written with, by their ids, in lots."""
        ...

    def get(self, parts: Sequence[Part], interaction_ids: Sequence[int]) -> list[Packed]: ...

    def query(self, parts: Sequence[Part], sql: str, values: Sequence[Any]) -> list[Any]:
        """`sql` names tables as the database does; `$1` stands for the first of `values`."""
        ...

    def checked(self, folder: str) -> str:
        """The digest of the files as they lie there now; '' for none."""
        ...

    def remove(self, folder: str) -> None: ...

    def folders(self) -> list[str]: ...


class Archive(Protocol):
    """What the database knows of it. Instants are aware UTC."""

    def months(self) -> tuple[Month, ...]: ...

    def month(self, month: str) -> Month | None: ...

    def save(self, month: str, at: datetime, values: Mapping[str, Any]) -> None: ...

    def forget(self, month: str) -> None: ...

    def rule(self) -> int | None: ...

    def set_rule(self, months: int | None) -> None: ...

    def oldest(self) -> datetime | None:
        """When the first interaction began that is in the database."""
        ...

    def movable(self, month: str, at: datetime, among_ids: Sequence[int] = ()) -> list[int]:
        """Which may move, of all or of some, in the order of their ids."""
        ...

    def staying(self, month: str, at: datetime) -> dict[str, int]:
        """Why how many of a month's interactions stay."""
        ...

    def read(self, interaction_ids: Sequence[int], *, lock: bool = False) -> list[Packed]: ...

    def take_out(self, packed: Sequence[Packed]) -> None: ...

    def put_back(self, packed: Sequence[Packed]) -> int: ...

    def strike(self, month: str, interaction_ids: Sequence[int]) -> None: ...

    def struck(self, month: str) -> tuple[int, ...]: ...

    def clear_struck(self, month: str, interaction_ids: Sequence[int]) -> None: ...

    def bring_back_calls(self, pbx: str, moments: Mapping[str, datetime | None]) -> int:
        """Calls that had these channels, at about these times, are calls of the database again."""
        ...

    def bring_back_person(
        self, customer_ids: Sequence[int], e164s: Sequence[str], digits: Sequence[str]
    ) -> int: ...

    def unready(self, month: str) -> str:
        """The rule of retention that has not gone over a month yet; '' for none."""
        ...
