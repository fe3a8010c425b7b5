"""A file as the store knows it; its bytes stand on the disk. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """What a new file is; `stored_as` is its name on the disk, which nobody outside sees."""

    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str
    customer_id: int | None = None
    interaction_id: int | None = None
    uploaded_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str
    created_at: datetime
    customer_id: int | None = None
    interaction_id: int | None = None
    uploaded_by: int | None = None
    deleted_at: datetime | None = None
