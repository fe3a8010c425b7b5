"""What rows and filters of reports are called: queues, colleagues, outcomes, segments, numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from callcenter.queries import outcomes
from callcenter.queries import segments as segment_queries
from callcenter.reporting.tables import Names
from callcenter.rights.viewer import Viewer
from callcenter.store import staffing_rows
from callcenter.store.tables import chat_widgets, contact_days, pbx_numbers, users

MOST_WAYS = 200
_SEEN_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Known:
    names: Names


@dataclass(frozen=True, slots=True)
class Ways:
    """What can be chosen of: numbers that callers dial, and trunks that they come by."""

    numbers: tuple[str, ...] = ()
    trunks: tuple[str, ...] = ()


def known(connection: Connection, viewer: Viewer, language: str = "en") -> Known:
    """Of colleagues only those whose figures this viewer sees; outcomes in the words of
    `language` where they have some."""
    theirs = viewer.user_ids("report", "read")
    people = connection.execute(select(users.c.id, users.c.display_name).order_by(users.c.id))
    reasons = staffing_rows.pause_reasons(connection)
    windows = connection.execute(select(chat_widgets.c.key, chat_widgets.c.title))
    queues = {one.name: one.shown for one in staffing_rows.queues(connection).values()}
    names = Names(
        queues=queues,
        operators={
            str(row.id): row.display_name for row in people if theirs is None or row.id in theirs
        },
        outcomes=_outcomes(connection, queues, language),
        segments={str(one.id): one.name for one in segment_queries.all_for(connection, viewer)},
        reasons={one.code: one.title for one in reasons},
        chats={row.key: row.title or row.key for row in windows},
    )
    return Known(names)


def ways(connection: Connection, until: datetime) -> Ways:
    """The numbers of the telephone system's plan, and what calls came by in the 90 days before
    `until` (aware UTC)."""
    dials = (
        select(pbx_numbers.c.number)
        .where(pbx_numbers.c.kind == "did")
        .order_by(pbx_numbers.c.number)
        .limit(MOST_WAYS)
    )
    days = contact_days.c
    seen = (
        select(days.dialed, days.trunk)
        .where(days.day >= until - _SEEN_WITHIN, days.day < until, days.channel == "call")
        .distinct()
        .limit(MOST_WAYS)
    )
    found = connection.execute(seen).all()
    numbers = {*connection.scalars(dials), *(row.dialed for row in found)}
    return Ways(tuple(sorted(numbers - {""})), tuple(sorted({row.trunk for row in found} - {""})))


def _outcomes(connection: Connection, queues: Mapping[str, str], language: str) -> dict[str, str]:
    """Where two are called alike, with the queue that each belongs to."""
    found = outcomes.all(connection)
    told = {one.id: one.label_in(language) for one in found}
    alike = Counter(told.values())
    return {
        str(one.id): f"{told[one.id]} · {queues.get(one.queue, one.queue)}"
        if alike[told[one.id]] > 1 and one.queue
        else told[one.id]
        for one in found
    }
