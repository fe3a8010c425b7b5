"""People who log in, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["operator", "supervisor", "admin"]
ROLES: tuple[Role, ...] = ("operator", "supervisor", "admin")
LOCALES = ("en", "ru", "pl")

_WEB_PHONE = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: int
    username: str
    display_name: str
    role: Role
    endpoint: str
    extension: str
    locale: str
    time_zone: str
    active: bool
    session_epoch: int
    created_at: datetime
    role_code: str = ""
    """The role itself; `role` is the built-in one that it is made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDraft:
    username: str
    display_name: str
    role: Role = "operator"
    endpoint: str = ""
    extension: str = ""
    locale: str = "en"
    time_zone: str = "UTC"
    role_code: str = ""
    """'': the built-in role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What may be shown of an API token. The secret itself is shown once and never stored."""

    id: int
    user_id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def endpoints_of(user_endpoint: str) -> tuple[str, ...]:
    """The devices of one operator: the desk phone and its twin in the browser (PJSIP/web1001)."""
    technology, slash, name = user_endpoint.partition("/")
    if not slash or not name:
        return ()
    bare = name.removeprefix(_WEB_PHONE)
    return (f"{technology}/{bare}", f"{technology}/{_WEB_PHONE}{bare}")
