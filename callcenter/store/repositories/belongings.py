"""What hangs on interactions, calls and customers: it moves with two that turn out to be one, and
goes with a customer who is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, delete, or_, select, update

from callcenter.store.sets import among
from callcenter.store.tables import (
    assessment_answers,
    assessments,
    audit_log,
    calibrations,
    callback_requests,
    deals,
    files,
    interaction_outcomes,
    interactions,
    leg_quality,
    line_messages,
    meetings,
    missed_calls,
    outcome_drafts,
    phone_numbers,
    recording_pauses,
    sample_items,
    script_runs,
    survey_answers,
    tasks,
    voicemails,
)

_OF_INTERACTIONS: tuple[Column[int], ...] = (
    tasks.c.interaction_id,
    missed_calls.c.interaction_id,
    missed_calls.c.closed_interaction_id,
    callback_requests.c.interaction_id,
    callback_requests.c.closed_interaction_id,
    voicemails.c.interaction_id,
    survey_answers.c.interaction_id,
    files.c.interaction_id,
    meetings.c.interaction_id,
    sample_items.c.interaction_id,
    calibrations.c.interaction_id,
)
# One for each interaction: the one that is kept has the last word.
_ONE_EACH: tuple[Column[int], ...] = (
    interaction_outcomes.c.interaction_id,
    script_runs.c.interaction_id,
)

# Under these names the audit log keeps what somebody wrote of a contact.
_WORDS: Final = frozenset({"comment", "words", "reason"})


def move_to_interaction(connection: Connection, absorbed: int, kept: int) -> None:
    for column in _OF_INTERACTIONS:
        connection.execute(
            update(column.table).where(column == absorbed).values({column.name: kept})
        )
    _move_drafts(connection, absorbed, kept)
    _move_assessments(connection, absorbed, kept)
    for column in _ONE_EACH:
        has = connection.scalar(select(column).where(column == kept))
        theirs = (
            delete(column.table)
            if has is not None
            else update(column.table).values({column.name: kept})
        )
        connection.execute(theirs.where(column == absorbed))


def _move_drafts(connection: Connection, absorbed: int, kept: int) -> None:
    """What somebody has typed for both halves stays as it is on the one that is kept."""
    columns = outcome_drafts.c
    there = select(columns.user_id).where(columns.interaction_id == kept)
    theirs = columns.interaction_id == absorbed
    move = update(outcome_drafts).where(theirs, columns.user_id.not_in(there))
    connection.execute(move.values(interaction_id=kept))
    connection.execute(delete(outcome_drafts).where(theirs))


def _move_assessments(connection: Connection, absorbed: int, kept: int) -> None:
    """What was assessed as the kept one by the same card keeps its place; the other stays as it is,
    about a contact that is no more."""
    row, there = assessments.c, assessments.alias()
    taken = select(there.c.card_id).where(
        there.c.interaction_id == kept, there.c.calibration_id.is_(None)
    )
    free = or_(row.calibration_id.is_not(None), row.card_id.not_in(taken))
    connection.execute(
        update(assessments).where(row.interaction_id == absorbed, free).values(interaction_id=kept)
    )


def move_to_call(connection: Connection, absorbed_id: str, into_id: str) -> None:
    """A leg or an open pause that both have stays where it is: it was told twice."""
    quality, pauses = leg_quality.c, recording_pauses.c
    known = select(quality.uniqueid).where(quality.call_id == into_id)
    connection.execute(
        update(leg_quality)
        .where(quality.call_id == absorbed_id, quality.uniqueid.not_in(known))
        .values(call_id=into_id)
    )
    open_there = select(pauses.channel).where(
        pauses.call_id == into_id, pauses.resumed_at.is_(None)
    )
    connection.execute(
        update(recording_pauses)
        .where(
            pauses.call_id == absorbed_id,
            or_(pauses.resumed_at.is_not(None), pauses.channel.not_in(open_there)),
        )
        .values(call_id=into_id)
    )


def forget_customers(connection: Connection, customer_ids: Sequence[int]) -> None:
    """To be called while the numbers are still there; one that others have stays theirs."""
    other = phone_numbers.alias()
    own = select(phone_numbers.c.e164).where(
        among(connection, phone_numbers.c.customer_id, customer_ids),
        ~select(other.c.id)
        .where(
            other.c.e164 == phone_numbers.c.e164,
            ~among(connection, other.c.customer_id, customer_ids),
        )
        .exists(),
    )
    numbers = list(connection.scalars(own))
    connection.execute(delete(deals).where(among(connection, deals.c.customer_id, customer_ids)))
    for table in (tasks, missed_calls, callback_requests, voicemails):
        theirs = or_(
            among(connection, table.c.customer_id, customer_ids),
            among(connection, table.c.number, numbers),
        )
        connection.execute(delete(table).where(theirs))
    answered = survey_answers.c
    of_them = among(connection, answered.customer_id, customer_ids)
    _blank_answers(connection, or_(of_them, among(connection, answered.number, numbers)))


def _blank_answers(connection: Connection, theirs: ColumnElement[bool]) -> None:
    """The score stays for reports; whose it was, and what they said, goes."""
    said = {"customer_id": None, "number": "", "comment": "", "message": "", "problem": ""}
    closed = {"token_digest": None, "expires_at": None}
    connection.execute(update(survey_answers).where(theirs).values(**said, **closed, answers={}))


def _blank_assessments(connection: Connection, interaction_ids: Sequence[int]) -> None:
    """How an operator did stays; what was written of the contact goes, out of the log as well."""
    theirs = among(connection, assessments.c.interaction_id, interaction_ids)
    said = {"comment": "", "reply": "", "closing": ""}
    connection.execute(update(assessments).where(theirs).values(said))
    ids = select(assessments.c.id).where(theirs)
    answers = update(assessment_answers).where(assessment_answers.c.assessment_id.in_(ids))
    connection.execute(answers.values(comment=""))
    drawn = among(connection, sample_items.c.interaction_id, interaction_ids)
    connection.execute(update(sample_items).where(drawn).values(reason=""))
    items = select(sample_items.c.id).where(drawn)
    _blank_log(connection, "assessment", connection.scalars(ids))
    _blank_log(connection, "sample", connection.scalars(items), "sample_item_set_aside")


def _blank_log(
    connection: Connection, kind: str, ids: Iterable[int], action: str | None = None
) -> None:
    """What was done, by whom and what it came to stays. `action`: where others of this kind mean
    other rows by their id."""
    row = audit_log.c
    query = select(row.id, row.detail).where(
        row.object_type == kind, among(connection, row.object_id, [str(one) for one in ids])
    )
    if action is not None:
        query = query.where(row.action == action)
    for noted in connection.execute(query).all():
        kept = update(audit_log).where(row.id == noted.id)
        connection.execute(kept.values(detail=_without_words(noted.detail)))


def _without_words(detail: Any) -> Any:
    if not isinstance(detail, dict):
        return detail
    return {key: _without_words(told) for key, told in detail.items() if key not in _WORDS}


def forget_interactions(connection: Connection, interaction_ids: Sequence[int]) -> None:
    """How a conversation ended stays for reports; what was said in it goes."""
    for column in (
        tasks.c.interaction_id,
        script_runs.c.interaction_id,
        outcome_drafts.c.interaction_id,
    ):
        connection.execute(delete(column.table).where(among(connection, column, interaction_ids)))
    _blank_answers(connection, among(connection, survey_answers.c.interaction_id, interaction_ids))
    _blank_assessments(connection, interaction_ids)
    outcome_of = among(connection, interaction_outcomes.c.interaction_id, interaction_ids)
    connection.execute(update(interaction_outcomes).where(outcome_of).values(details={}))
    calls = select(interactions.c.call_id).where(
        among(connection, interactions.c.id, interaction_ids)
    )
    connection.execute(
        update(line_messages).where(line_messages.c.call_id.in_(calls)).values(text="")
    )
