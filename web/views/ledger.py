"""How the PBXs' ledgers are read, what they changed, and lines that could not be read: for
administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, render_template, request

from callcenter.queries import ledger as ledger_queries
from callcenter.queries.ledger import LedgerDay
from web import ledger_words as words
from web.access import allow
from web.context import me, reading, runtime, today
from web.ledger_state import states

ledger = Blueprint("ledger", __name__, url_prefix="/admin/ledger")
DAYS = 14
PAGE = 50
USUAL_FILE = "/var/log/asterisk/cel-custom/callcenter.csv"
_KINDS = tuple(field.name for field in fields(LedgerDay))


@dataclass(frozen=True, slots=True)
class DrawnDay:
    """A column of the picture: each piece is (kind, y, height) in per cent of the tallest."""

    at: datetime
    x: str
    day: LedgerDay
    pieces: tuple[tuple[str, str, str], ...]


@ledger.get("")
@allow("admin")
def page() -> str:
    pbx = request.args.get("pbx") or None
    with reading() as connection:
        aside = ledger_queries.set_aside(connection, pbx, request.args.get("cursor"), PAGE)
        if request.headers.get("HX-Target") == "more":
            return render_template("admin/set_aside.html", aside=aside, pbx=pbx, words=words)
        views = ledger_queries.sources(connection)
        bounds = _bounds()
        days = ledger_queries.days(connection, bounds)
    return render_template(
        "admin/ledger.html",
        states=states(runtime().settings, views, runtime().clock.now()),
        days=_drawn(bounds, days),
        total={kind: sum(getattr(day, kind) for day in days) for kind in _KINDS},
        aside=aside,
        pbx=pbx,
        words=words,
        usual_file=USUAL_FILE,
        commands=_commands(),
    )


def _commands() -> str:
    """What an administrator types for an Asterisk on another machine."""
    settings = runtime().settings
    pbx = next(iter(settings.pbx_names), "PBX")
    place = f"{settings.public_url or request.host_url.rstrip('/')}/api/v1/ledger/{pbx}"
    return "\n".join(
        (
            f"callcenter token issue {me().username} --name ledger --scope ledger > ledger.token",
            "scp ami/ledger/forward.py ledger.token ASTERISK:",
            f"python3 forward.py --file {USUAL_FILE} --to {place} --token-file ledger.token",
        )
    )


def _bounds() -> list[datetime]:
    """Midnights of the last days on the user's wall, the coming one included."""
    first = today() - timedelta(days=DAYS - 1)
    days = [first + timedelta(days=number) for number in range(DAYS + 1)]
    return [datetime.combine(day, time.min, tzinfo=me().zone).astimezone(UTC) for day in days]


def _drawn(bounds: Sequence[datetime], days: Sequence[LedgerDay]) -> list[DrawnDay]:
    most = max((day.all for day in days), default=0)
    step = 100 / DAYS
    return [
        DrawnDay(at, f"{number * step + step * 0.15:.2f}%", day, tuple(_pieces(day, most)))
        for number, (at, day) in enumerate(zip(bounds, days, strict=False))
    ]


def _pieces(day: LedgerDay, most: int) -> list[tuple[str, str, str]]:
    """From the ground up; a small count beside a large one still shows."""
    pieces, below = [], 0.0
    for kind in _KINDS:
        count = getattr(day, kind)
        if count:
            height = max(2.0, 100.0 * count / most)
            below = min(100.0, below + height)
            pieces.append((kind, f"{100.0 - below:.2f}%", f"{height:.2f}%"))
    return pieces
