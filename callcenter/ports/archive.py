"""Old months of calls as files, and which of them the database keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from callcenter.archive.months import Month
from callcenter.archive.pages import Row
from callcenter.archive.shapes import Packed

Index = Literal["time", "customer", "number", "call"]


class UnreadableError(Exception):
    """A file is there and says nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """The files of one month, and which of their interactions count: those after `above`, up to
    `upto`, and none of `struck`."""

    folder: str
    above: int = 0
    upto: int | None = None
    struck: tuple[int, ...] = ()

    def counts(self, interaction_id: int) -> bool:
        upto = self.upto is None or interaction_id <= self.upto
        return upto and interaction_id > self.above and interaction_id not in self.struck


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
        self, folder: str, after: int = 0, lot: int = 500, *, lenient: bool = False
    ) -> Iterator[list[tuple[Packed, str]]]:
        """All interactions with the digest they were written with, by their ids, in lots.
        `lenient`: what cannot be read is left out."""
        ...

    def get(self, parts: Sequence[Part], interaction_ids: Sequence[int]) -> list[Packed]: ...

    def query(self, parts: Sequence[Part], sql: str, values: Sequence[Any]) -> list[Any]:
        """`sql` names tables as the database does; `$1` stands for the first of `values`."""
        ...

    def make_pages(self, folder: str, stopping: Callable[[], bool]) -> int | None:
        """Writes each contact of a month by itself as well, beside its files. The size in bytes;
        `paged` tells of it then. None if it was to stop: nothing is made."""
        ...

    def paged(self, part: Part) -> bool:
        """Whether contacts of a month are found one by one."""
        ...

    def contacts(
        self, part: Part, interaction_ids: Iterable[int], *, whole: bool = False
    ) -> Iterator[tuple[str, Sequence[str], Row]]:
        """The rows of contacts with their tables and columns: what lists show, or all but the
        journal. Raises ValueError where one is harmed."""
        ...

    def newest(
        self, part: Part, index: Index, key: int | str | None, before: tuple[int, int] | None
    ) -> Iterator[tuple[int, int]]:
        """(microseconds since 1970, id) of the contacts with this key, those before a place."""
        ...

    def there(self, folder: str) -> bool:
        """Whether a month's files are where they were left, whatever they say."""
        ...

    def sound(self, folder: str, told: Mapping[str, Mapping[str, object]]) -> bool:
        """Whether a month's files are there, of the sizes that were `told` when they were made, and
        nobody found since that they cannot be read."""
        ...

    def harmed(self, folder: str, told: Mapping[str, Mapping[str, object]]) -> None:
        """Somebody found that they cannot be read: they are not `sound` until they change."""
        ...

    def intact(self, folder: str, told: Mapping[str, Mapping[str, object]]) -> bool:
        """Whether they are as they were made, to the last byte: reads all of them."""
        ...

    def checked(self, folder: str) -> str:
        """The digest of the files as they lie there now; '' for none."""
        ...

    def clear_spilled(self) -> None:
        """What statements of processes that died have left on the disk."""
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

    def movable(
        self,
        month: str,
        at: datetime,
        among_ids: Sequence[int] = (),
        within: tuple[datetime, datetime] | None = None,
    ) -> list[int]:
        """Which may move, of all, of some, or of those that began from one moment until before
        another, in the order of their ids."""
        ...

    def has_movable(self, month: str, at: datetime) -> bool: ...

    def staying(
        self, month: str, at: datetime, within: tuple[datetime, datetime] | None = None
    ) -> dict[str, int]:
        """Why how many of a month's interactions stay, of all or of those that began from one
        moment until before another."""
        ...

    def read(self, interaction_ids: Sequence[int], *, lock: bool = False) -> list[Packed]: ...

    def take_out(self, packed: Sequence[Packed]) -> None: ...

    def put_back(self, packed: Sequence[Packed]) -> int: ...

    def strike(self, month: str, interaction_ids: Sequence[int]) -> None: ...

    def struck(self, month: str) -> tuple[int, ...]: ...

    def clear_struck(self, month: str, interaction_ids: Sequence[int]) -> None: ...

    def note(self, packed: Sequence[Packed]) -> None:
        """What the database keeps of contacts that are in files."""
        ...

    def bring_back(self, interaction_ids: Sequence[int]) -> int:
        """Those of these that are in the archive are rows of the database again."""
        ...

    def bring_back_calls(self, pbx: str, moments: Mapping[str, datetime | None]) -> int:
        """Calls that had these channels, at about these times, are calls of the database again."""
        ...

    def bring_back_person(
        self, customer_ids: Sequence[int], e164s: Sequence[str], digits: Sequence[str]
    ) -> int: ...

    def unready(self, month: str) -> str:
        """The rule of retention that has not gone over a month yet; '' for none."""
        ...
