"""Files taken in and given out, and records written by the thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from callcenter.imports.job import Export, Import, RowError

NameKey = tuple[str, str]
"""A folded name and the folded name of the organisation, '' for none."""
Made = dict[int, dict[str, Any]]
"""Id → the record whole, in the order in which they were given."""


class Imports(Protocol):
    """Files being taken in."""

    def add(
        self, kind: str, name: str, *, stored_as: str, size: int, user_id: int | None, at: datetime
    ) -> int: ...

    def get(self, import_id: int) -> Import | None: ...

    def set(self, import_id: int, values: Mapping[str, Any]) -> None: ...

    def move(self, import_id: int, states: Sequence[str], values: Mapping[str, Any]) -> bool:
        """Sets them if the import is in one of these states. Whether it was."""
        ...

    def claim(
        self, turn: str, now: datetime, stale: datetime, *, only: int | None = None
    ) -> Import | None:
        """The oldest (or the one named) that waits, or whose job has not moved since `stale`; it
        is this turn's then. Commits nothing."""
        ...

    def hold(self, import_id: int, turn: str, position: int, now: datetime) -> Import | None:
        """The import, locked for this transaction, if it still is this turn's and stands there."""
        ...

    def add_errors(self, import_id: int, errors: Sequence[RowError]) -> None: ...

    def forget_errors(self, import_id: int) -> None: ...

    def remove(self, import_id: int) -> None: ...

    def old_files(self, before: datetime) -> list[Import]:
        """Ended or never begun before that moment, and with a file yet."""
        ...

    def remember(
        self, kind: str, signature: str, plan: Mapping[str, Any], user_id: int | None, at: datetime
    ) -> None: ...

    def recall(self, kind: str, signature: str) -> Mapping[str, Any] | None: ...


class Exports(Protocol):
    """Files being made to give out."""

    def add(
        self, kind: str, form: str, plan: Mapping[str, Any], user_id: int | None, at: datetime
    ) -> int: ...

    def get(self, export_id: int) -> Export | None: ...

    def set(self, export_id: int, values: Mapping[str, Any]) -> None: ...

    def hold(self, export_id: int, turn: str, values: Mapping[str, Any]) -> bool:
        """Sets these while the turn is still this one; False: it has been taken away."""
        ...

    def end_open(self, export_id: int, values: Mapping[str, Any]) -> bool:
        """Sets these where it waits or runs; False: it is over."""
        ...

    def claim(
        self, turn: str, now: datetime, stale: datetime, *, only: int | None = None
    ) -> Export | None:
        """The oldest that waits, or the one that is named. Its turn says how many had it before:
        `2-…` is the second that begins it, since the first was killed or the database was busy.
        One that was put back with its turn waits until it has not moved since `stale`."""
        ...

    def old_files(self, before: datetime) -> list[Export]: ...


class Imported(Protocol):
    """Records of a file: found among those that are there, and written many at once."""

    def users(self) -> dict[str, int]:
        """Who works here, by folded log-in and folded name."""
        ...

    def by_external_id(self, thing: str, ids: Sequence[str]) -> dict[str, int]: ...

    def external_ids_of(self, thing: str, object_ids: Sequence[int]) -> dict[int, str]: ...

    def link(self, thing: str, ids: Mapping[str, int]) -> None:
        """External id → record, whoever had it before."""
        ...

    def customers_by_phone(self, e164s: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Numbers that several people share are nobody's by themselves."""
        ...

    def customers_by_email(self, keys: Sequence[str]) -> dict[str, tuple[int, ...]]: ...

    def customers_by_name(self, keys: Sequence[NameKey]) -> dict[NameKey, tuple[int, ...]]: ...

    def organizations_by(self, column: str, keys: Sequence[str]) -> dict[str, tuple[int, ...]]: ...

    def ensure_organizations(
        self, names: Sequence[str], at: datetime
    ) -> tuple[dict[str, int], Made]:
        """Folded name → id, of all of them; and those that are new."""
        ...

    def ahead(self) -> AbstractContextManager[None]:
        """New rows that are written inside may still be on their way when the call returns: the
        end waits for them, and tells what was wrong with any."""
        ...

    def add_customers(
        self, documents: Sequence[Mapping[str, Any]], organizations: Sequence[str], at: datetime
    ) -> Made:
        """With the name of each one's organisation, by which they are found as well."""
        ...

    def count_anew(self) -> None:
        """Tells the database to look how much there is now of what it looks rows up in."""
        ...

    def add_organizations(self, documents: Sequence[Mapping[str, Any]], at: datetime) -> Made: ...
