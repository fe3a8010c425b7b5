"""Whether callers are not asked for their PINs now, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from callcenter.menus.guessing import Halt
from callcenter.store import pin_tries


def halt(connection: Connection, most: int, now: datetime) -> Halt | None:
    """`most`: wrong PINs over the whole centre at which strangers are not asked any more. None
    while everybody is."""
    return pin_tries.halt(connection, most, now)
