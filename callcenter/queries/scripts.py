"""Call scripts: all of them, and one on a contact with what its texts are filled from."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from callcenter.fields.values import as_words
from callcenter.queries.outcome_views import ScriptDesk
from callcenter.scripts.placeholders import FIELD, answer_values
from callcenter.scripts.run import position
from callcenter.scripts.stored import StoredScript
from callcenter.store import customer_rows, field_rows
from callcenter.store.repositories.outcomes import OutcomeRepository
from callcenter.store.repositories.scripts import ScriptRepository
from callcenter.store.tables import customers, queue_settings


def all(connection: Connection) -> tuple[StoredScript, ...]:  # noqa: A001 (the caller says scripts.all)
    return ScriptRepository(connection).all()


def get(connection: Connection, script_id: int) -> StoredScript | None:
    return ScriptRepository(connection).get(script_id)


def desk(
    connection: Connection, interaction_id: int, user_id: int, today: date
) -> ScriptDesk | None:
    """None if there is no such contact, or its queue has no script. Amounts are left to whoever
    shows them: how money is written depends on the reader."""
    contact = OutcomeRepository(connection).contact(interaction_id, user_id)
    if contact is None:
        return None
    repository = ScriptRepository(connection)
    run = repository.run(interaction_id)
    stored = repository.get(run.script_id) if run else repository.of_queue(contact.queue)
    if stored is None:
        return None
    answers = run.answers if run else {}
    values = {**answer_values(answers), "call.number": contact.number}
    values["call.queue"] = _title(connection, contact.queue)
    owes = (0, "")
    if contact.customer_id is not None:
        told, owes = _customer(connection, contact.customer_id, today)
        values |= told
    return ScriptDesk(
        contact=contact,
        stored=stored,
        run=run,
        position=position(stored.script, answers, run.step if run else ""),
        values=values,
        owes=owes,
    )


def _title(connection: Connection, queue: str) -> str:
    query = select(queue_settings.c.title).where(queue_settings.c.name == queue)
    return connection.scalar(query) or queue


def _customer(
    connection: Connection, customer_id: int, today: date
) -> tuple[dict[str, str], tuple[int, str]]:
    brief = customer_rows.briefs(connection, [customer_id], today).get(customer_id)
    if brief is None:
        return {}, (0, "")
    query = select(customers.c.given_name).where(customers.c.id == customer_id)
    told = {
        "customer.name": brief.display_name,
        "customer.given_name": connection.scalar(query) or "",
        "customer.organization": brief.organization,
    }
    told |= _own_fields(connection, customer_id)
    return told, (brief.overdue_minor, brief.currency)


def _own_fields(connection: Connection, customer_id: int) -> dict[str, str]:
    """What is sensitive is not read out: a script is open on a screen for all to see."""
    fields = [one for one in field_rows.defs(connection, "customer") if not one.sensitive]
    had = field_rows.values(connection, fields, [customer_id]).get(customer_id, {})
    return {f"{FIELD}{one.key}": as_words(one, had[one.key]) for one in fields if one.key in had}
