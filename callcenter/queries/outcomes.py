"""Outcomes: the trees, what was given to contacts, and what the wrap-up of one needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from callcenter.outcomes.given import Given
from callcenter.outcomes.outcome import Outcome
from callcenter.outcomes.tree import tree_of
from callcenter.queries import deals as deal_queries
from callcenter.queries.deals import DealFilters
from callcenter.queries.outcome_views import OutcomeDesk
from callcenter.queries.views import OutcomeView, UserRef
from callcenter.store import archive
from callcenter.store.repositories.base import chunks
from callcenter.store.repositories.outcomes import OutcomeRepository
from callcenter.store.repositories.tasks import TaskRepository
from callcenter.store.sets import among
from callcenter.store.tables import interaction_outcomes, outcomes, queue_settings, users
from callcenter.tasks.task import Task

_MOST_DEALS = 20


def all(connection: Connection) -> tuple[Outcome, ...]:  # noqa: A001 (the caller says outcomes.all)
    return OutcomeRepository(connection).all()


def uses(connection: Connection) -> dict[int, int]:
    """Outcome id → to how many contacts it was given."""
    query = select(interaction_outcomes.c.outcome_id, func.count()).group_by(
        interaction_outcomes.c.outcome_id
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def queues(connection: Connection) -> tuple[tuple[str, str], ...]:
    """(name, title) of the queues that have settings, in their order."""
    query = select(queue_settings.c.name, queue_settings.c.title).order_by(
        queue_settings.c.position, queue_settings.c.name
    )
    return tuple((row.name, row.title or row.name) for row in connection.execute(query))


def given_of(connection: Connection, interaction_ids: Sequence[int]) -> dict[int, OutcomeView]:
    """Interaction id → how it ended, for those of which somebody said so."""
    found = {}
    given = interaction_outcomes.c
    for part in chunks(interaction_ids):
        query = (
            select(
                interaction_outcomes,
                outcomes.c.label,
                outcomes.c.labels,
                outcomes.c.kind,
                users.c.display_name,
            )
            .join_from(interaction_outcomes, outcomes, outcomes.c.id == given.outcome_id)
            .join(users, users.c.id == given.user_id)
            .where(among(connection, given.interaction_id, part))
        )
        for row in connection.execute(query):
            found[row.interaction_id] = OutcomeView(
                id=row.outcome_id,
                label=row.label,
                labels=row.labels or {},
                kind=row.kind,
                user=UserRef(id=row.user_id, display_name=row.display_name),
                at=row.at,
                details=row.details or {},
            )
    return found


@archive.steadily
def desk(
    connection: Connection, interaction_id: int, user_id: int, today: date
) -> OutcomeDesk | None:
    """None if there is no such contact."""
    repository = OutcomeRepository(archive.source_of_contact(connection, interaction_id))
    contact = repository.contact(interaction_id, user_id)
    if contact is None:
        return None
    of_all = OutcomeRepository(connection)
    given = repository.given(interaction_id)
    callback, task = (_open_task(connection, given, name) for name in ("callback", "task"))
    filters = DealFilters(customer_id=contact.customer_id, state="open")
    deals = (
        deal_queries.page(connection, filters, None, _MOST_DEALS, today).items
        if contact.customer_id is not None
        else ()
    )
    return OutcomeDesk(
        contact=contact,
        given=given,
        draft=repository.draft(interaction_id, user_id),
        tree=tree_of(of_all.all(), contact.queue),
        required=of_all.is_required(contact.queue),
        deals=deals,
        callback_at=callback.due_at if callback else None,
        task=task.title if task else "",
        task_due_at=task.due_at if task else None,
    )


def _open_task(connection: Connection, given: Given | None, name: str) -> Task | None:
    task_id = (given.details.get("tasks") or {}).get(name) if given is not None else None
    task = TaskRepository(connection).get(task_id) if isinstance(task_id, int) else None
    return task if task is not None and task.open else None
