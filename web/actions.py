"""The use cases that pages call, with what they need (unit of work, clock, publisher, number
plan) taken from this application's runtime, so that views only say what is wanted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from callcenter.accounts.user import User, UserDraft
from callcenter.agents.staffing import PauseReason
from callcenter.customers.customer import CustomerChanges, CustomerDraft
from callcenter.outcomes.choice import Choice
from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.realtime.messages import Audience, Message
from callcenter.sales.deal import DealDraft
from callcenter.scripts.script import Script
from callcenter.services import (
    accounts,
    evidence,
    line,
    missed_calls,
    notes,
    operator_state,
    outcome_trees,
    staffing,
    tasks,
)
from callcenter.services import customers as customer_services
from callcenter.services import deals as deal_services
from callcenter.services import outcomes as outcome_services
from callcenter.services import scripts as script_services
from web.context import runtime
from web.realtime import SESSIONS_CHANGED


def authenticate(username: str, password: str) -> User | None:
    return accounts.authenticate(username, password, **_store())


def see_missed(user_id: int, until: datetime) -> None:
    with runtime().unit_of_work() as uow:
        uow.pops.see_missed(user_id, min(until, runtime().clock.now()))
        uow.commit()


def set_state(user_id: int, state: str, reason: str, by: int | None = None) -> None:
    operator_state.set_state(user_id, state, reason, by=by, **_store(), publisher=runtime().bus)


def end_wrap_up(user_id: int) -> None:
    operator_state.end_wrap_up(user_id, **_store(), publisher=runtime().bus)


def prolong_wrap_up(user_id: int) -> None:
    operator_state.prolong_wrap_up(user_id, **_store(), publisher=runtime().bus)


def set_device(user_id: int, device: str) -> None:
    operator_state.set_device(user_id, device, **_store(), publisher=runtime().bus)


def begin_work(user_id: int) -> None:
    operator_state.begin_work(user_id, **_store(), publisher=runtime().bus)


def end_work(user_id: int) -> None:
    operator_state.end_work(user_id, **_store(), publisher=runtime().bus)


def save_queue(name: str, values: dict[str, Any], by: int) -> None:
    staffing.save_queue(name, values, user_id=by, publisher=runtime().bus, **_store())


def set_skill(user_id: int, skill: str, level: int, by: int) -> None:
    staffing.set_skill(user_id, skill, level, by=by, publisher=runtime().bus, **_store())


def save_pause_reason(reason: PauseReason, by: int) -> None:
    staffing.save_pause_reason(reason, user_id=by, publisher=runtime().bus, **_store())


# --- customers and contacts -----------------------------------------------------------------------


def create_customer(draft: CustomerDraft, user_id: int) -> int:
    return customer_services.create_customer(draft, user_id=user_id, **_store(), **_plan())


def create_customer_from_call(interaction_id: int, draft: CustomerDraft, user_id: int) -> int:
    return customer_services.create_customer_from_call(
        interaction_id, draft, user_id=user_id, publisher=runtime().bus, **_store(), **_plan()
    )


def update_customer(customer_id: int, changes: CustomerChanges, version: int, user_id: int) -> int:
    return customer_services.update_customer(
        customer_id, changes, version=version, user_id=user_id, **_store(), **_plan()
    )


def update_customer_fact(
    customer_id: int, name: str, value: Any, version: int, user_id: int
) -> int:
    changes = CustomerChanges(fields={name: value})
    return update_customer(customer_id, changes, version, user_id)


def link_interaction(interaction_id: int, customer_id: int | None, user_id: int) -> None:
    customer_services.link_interaction(
        interaction_id, customer_id, user_id=user_id, publisher=runtime().bus, **_store()
    )


def forget_choice(interaction_id: int, user_id: int) -> None:
    customer_services.forget_choice(
        interaction_id, user_id=user_id, publisher=runtime().bus, **_store()
    )


def save_interaction_note(interaction_id: int, user_id: int, text: str) -> int:
    return notes.save_note(author_id=user_id, text=text, interaction_id=interaction_id, **_store())


def save_customer_note(customer_id: int, user_id: int, text: str) -> int:
    return notes.save_note(author_id=user_id, text=text, customer_id=customer_id, **_store())


def note_recording_taken(interaction_id: int, user_id: int, *, hidden: bool) -> None:
    evidence.note_recording_taken(interaction_id, user_id, hidden=hidden, **_store())


# --- what waits: tasks, calls in vain, the message line -------------------------------------------


def task_desk() -> tasks.Desk:
    """What the use cases of tasks need (`callcenter.services.tasks`)."""
    return tasks.Desk(**_store(), publisher=runtime().bus, **_plan())


def claim_missed(missed_id: int, user_id: int, *, release: bool = False) -> None:
    missed_calls.claim(missed_id, user_id=user_id, release=release, **_telling())


def close_missed(missed_id: int, why: str, user_id: int) -> None:
    missed_calls.close(missed_id, why, user_id=user_id, **_telling())


def write_line(sender_id: int, text: str, to_user: int | None, to_queue: str) -> None:
    line.write(sender_id, text, to_user=to_user, to_queue=to_queue, **_telling())


def read_line(user_id: int, other_id: int, message_id: int) -> None:
    line.read_up_to(user_id, other_id, message_id, **_telling())


def call_for_help(user_id: int, call_id: str, text: str) -> int:
    return line.call_for_help(user_id, call_id=call_id or None, text=text, **_telling())


def come_to_help(help_id: int, user_id: int) -> None:
    line.come(help_id, user_id=user_id, **_telling())


def put_help_away(help_id: int, user_id: int) -> None:
    line.put_away(help_id, user_id=user_id, **_telling())


# --- outcomes, scripts and deals ------------------------------------------------------------------


def give_outcome(interaction_id: int, choice: Choice, user_id: int) -> None:
    outcome_services.give_outcome(
        interaction_id, choice, user_id=user_id, publisher=runtime().bus, **_store()
    )


def save_outcome_draft(interaction_id: int, fields: dict[str, str], user_id: int) -> None:
    outcome_services.save_draft(interaction_id, fields, user_id=user_id, **_store())


def add_outcome(draft: OutcomeDraft, by: int) -> int:
    return outcome_trees.add_outcome(draft, user_id=by, **_store())


def change_outcome(outcome_id: int, changes: dict[str, Any], by: int) -> None:
    outcome_trees.change_outcome(outcome_id, changes, user_id=by, **_store())


def move_outcome(outcome_id: int, step: int, by: int) -> None:
    outcome_trees.move_outcome(outcome_id, step, user_id=by, **_store())


def answer_step(interaction_id: int, step_id: str, answer: str, user_id: int) -> None:
    script_services.answer_step(interaction_id, step_id, answer, user_id=user_id, **_store())


def step_back(interaction_id: int, user_id: int) -> None:
    script_services.go_back(interaction_id, user_id=user_id, **_store())


def create_script(script: Script, by: int) -> int:
    return script_services.create_script(script, user_id=by, **_store())


def update_script(script_id: int, script: Script, *, active: bool, version: int, by: int) -> None:
    script_services.update_script(
        script_id, script, active=active, version=version, user_id=by, **_store()
    )


def create_deal(draft: DealDraft, user_id: int) -> int:
    return deal_services.create_deal(draft, user_id=user_id, **_store())


def update_deal(deal_id: int, changes: dict[str, Any], version: int, user_id: int) -> None:
    deal_services.update_deal(deal_id, changes, version=version, user_id=user_id, **_store())


# --- accounts -------------------------------------------------------------------------------------


def create_user(draft: UserDraft, password: str, by: int) -> int:
    return accounts.create_user(draft, password, user_id=by, **_store())


def update_user(target_id: int, changes: dict[str, str], by: int) -> None:
    accounts.update_user(target_id, changes, user_id=by, **_store())


def set_user_active(target_id: int, active: bool, by: int) -> None:
    if not active:  # whoever comes back begins anew
        end_work(target_id)
    accounts.set_user_active(target_id, active, user_id=by, **_store())


def reset_password(target_id: int, password: str, by: int, *, revoke_tokens: bool) -> int:
    return accounts.reset_password(
        target_id, password, revoke_tokens=revoke_tokens, user_id=by, **_store()
    )


def change_password(user_id: int, current: str, new: str, *, revoke_tokens: bool) -> int:
    return accounts.change_password(user_id, current, new, revoke_tokens=revoke_tokens, **_store())


def end_sessions(user_id: int) -> int:
    return accounts.end_sessions(user_id, **_store())


def set_preferences(user_id: int, locale: str, time_zone: str) -> None:
    accounts.set_preferences(user_id, locale=locale, time_zone=time_zone, **_store())


def issue_token(user_id: int, name: str, scopes: tuple[str, ...]) -> str:
    return accounts.issue_token(user_id, name, scopes=scopes, **_store())


def revoke_token(token_id: int, by: int) -> None:
    accounts.revoke_token(token_id, user_id=by, **_store())


def sessions_changed() -> None:
    """Every web process looks at once whose session has ended, and closes their sockets."""
    payload = {"type": SESSIONS_CHANGED}
    runtime().bus.publish([Message(kind="message", audience=Audience(), payload=payload)])


def _store() -> dict[str, Any]:
    return {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}


def _telling() -> dict[str, Any]:
    return {**_store(), "publisher": runtime().bus}


def _plan() -> dict[str, Any]:
    return {"plan": runtime().settings.number_plan}
