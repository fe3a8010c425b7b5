"""What was drawn to be assessed, and how the draws went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from callcenter.assessments.sampling import Rules, rules_from_json
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.rights.viewer import Viewer
from callcenter.store.tables import interactions, sample_items, samples, score_cards, users

_OPERATOR = users.alias("o")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """A drawn contact that waits. `at`, `channel`, `talk_seconds` None where it is archived."""

    id: int
    interaction_id: int
    card_id: int
    card: str
    operator_id: int
    operator: str
    queue: str
    week: date
    at: datetime | None
    channel: str | None
    talk_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`fitting` contacts of this operator, and how many are missing to the number asked for."""

    operator: str
    fitting: int
    short: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    id: int
    card: str
    week: date
    zone: str
    rules: Rules
    seed: str
    made_by: str
    made_at: datetime
    outcome: tuple[Outcome, ...]
    drawn: int
    assessed: int
    aside: int


def worklist(
    connection: Connection, viewer: Viewer, cursor: str | None, limit: int
) -> Page[ItemView]:
    """Drawn and not assessed yet, in the order of the draw; not one's own contacts."""
    limit, row = bounded(limit), sample_items.c
    query = (
        select(
            row.id,
            row.interaction_id,
            row.operator_id,
            row.queue,
            samples.c.card_id,
            samples.c.week,
            score_cards.c.title.label("card"),
            _OPERATOR.c.display_name.label("operator"),
            interactions.c.started_at.label("at"),
            interactions.c.channel,
            interactions.c.talk_seconds,
        )
        .select_from(
            sample_items.join(samples, samples.c.id == row.sample_id)
            .join(score_cards, score_cards.c.id == samples.c.card_id)
            .join(_OPERATOR, _OPERATOR.c.id == row.operator_id)
            .outerjoin(interactions, interactions.c.id == row.interaction_id)
        )
        .where(*_open(viewer))
        .order_by(row.id)
        .limit(limit + 1)
    )
    if cursor:
        query = query.where(row.id > decode_cursor(cursor, int)[0])
    found = tuple(ItemView(**one._mapping) for one in connection.execute(query))
    if len(found) <= limit:
        return Page(found)
    return Page(found[:limit], encode_cursor(found[limit - 1].id))


def waiting(connection: Connection, viewer: Viewer) -> int:
    query = select(func.count()).select_from(sample_items).where(*_open(viewer))
    return connection.scalar(query) or 0


def lately(connection: Connection, viewer: Viewer, limit: int = 12) -> tuple[SampleView, ...]:
    """The latest draws, each with its rules, its seed and how many it found for whom: of operators
    whom the viewer may read alone, and no draw that has none of them."""
    query = (
        select(samples, score_cards.c.title, users.c.display_name)
        .join(score_cards, score_cards.c.id == samples.c.card_id)
        .join(users, users.c.id == samples.c.made_by)
        .order_by(samples.c.id.desc())
        .limit(limit)
    )
    theirs = viewer.user_ids("quality", "read")
    rows = connection.execute(query).all()
    done = _states(connection, [row.id for row in rows], theirs)
    names = _names(connection, rows, theirs)
    found = (_sample(row, done.get(row.id, {}), names) for row in rows)
    return tuple(one for one in found if one.outcome or theirs is None)


def _open(viewer: Viewer) -> list[ColumnElement[bool]]:
    row, ids = sample_items.c, viewer.user_ids("quality", "read")
    found = [row.state == literal_column("'open'"), row.operator_id != viewer.user_id]
    return found if ids is None else [*found, row.operator_id.in_(sorted(ids))]


def _states(
    connection: Connection, ids: Sequence[int], theirs: Collection[int] | None
) -> dict[int, dict[str, int]]:
    row = sample_items.c
    query = (
        select(row.sample_id, row.state, func.count().label("many"))
        .where(row.sample_id.in_(ids))
        .group_by(row.sample_id, row.state)
    )
    if theirs is not None:
        query = query.where(row.operator_id.in_(sorted(theirs)))
    found: dict[int, dict[str, int]] = {}
    for one in connection.execute(query):
        found.setdefault(one.sample_id, {})[one.state] = one.many
    return found


def _names(
    connection: Connection, rows: Sequence[Any], theirs: Collection[int] | None
) -> dict[int, str]:
    ids = {told["operator"] for row in rows for told in row.outcome}
    ids = ids if theirs is None else ids & {*theirs}
    query = select(users.c.id, users.c.display_name).where(users.c.id.in_(sorted(ids)))
    return {row.id: row.display_name for row in connection.execute(query)}


def _sample(row: Any, states: dict[str, int], names: dict[int, str]) -> SampleView:
    return SampleView(
        id=row.id,
        card=row.title,
        week=row.week,
        zone=row.zone,
        rules=rules_from_json(row.rules),
        seed=row.seed,
        made_by=row.display_name,
        made_at=row.made_at,
        outcome=tuple(
            Outcome(
                operator=names[told["operator"]],
                fitting=told["fitting"],
                short=told["short"],
            )
            for told in row.outcome
            if told["operator"] in names
        ),
        drawn=sum(states.values()),
        assessed=states.get("taken", 0),
        aside=states.get("aside", 0),
    )
