"""What rows and filters of reports are called: queues, colleagues, outcomes, segments, numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from callcenter.queries import segments as segment_queries
from callcenter.reporting.tables import Names
from callcenter.rights.viewer import Viewer
from callcenter.store import staffing_rows
from callcenter.store.tables import outcomes, pbx_numbers, users

MOST_NUMBERS = 500


@dataclass(frozen=True, slots=True)
class Known:
    """`numbers`: what callers dial, as the telephone system's plan names it."""

    names: Names
    numbers: tuple[str, ...]


def known(connection: Connection, viewer: Viewer) -> Known:
    """Of colleagues only those whose figures this viewer sees."""
    theirs = viewer.user_ids("report", "read")
    people = connection.execute(select(users.c.id, users.c.display_name).order_by(users.c.id))
    dials = select(pbx_numbers.c.number).where(pbx_numbers.c.kind == "did")
    reasons = staffing_rows.pause_reasons(connection)
    names = Names(
        queues={one.name: one.shown for one in staffing_rows.queues(connection).values()},
        operators={
            str(row.id): row.display_name for row in people if theirs is None or row.id in theirs
        },
        outcomes={
            str(row.id): row.label
            for row in connection.execute(select(outcomes.c.id, outcomes.c.label))
        },
        segments={str(one.id): one.name for one in segment_queries.all_for(connection, viewer)},
        reasons={one.code: one.title for one in reasons},
    )
    numbers = connection.scalars(dials.order_by(pbx_numbers.c.number).limit(MOST_NUMBERS))
    return Known(names, tuple(dict.fromkeys(numbers)))
