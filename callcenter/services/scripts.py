"""Use cases of call scripts: write one; go through it on a call, answer by answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.outcomes.given import may_give
from callcenter.ports import Clock, UnitOfWork
from callcenter.scripts.run import accepted, next_step, position
from callcenter.scripts.script import Script, Step
from callcenter.scripts.stored import Run, StoredScript
from callcenter.scripts.validation import Problem, problems_of
from callcenter.services import history

UowFactory = Callable[[], UnitOfWork]
_LEADERS = ("supervisor", "admin")
_ASKS = {
    "choice": "choose one of the answers",
    "text": "write the answer, at most 2000 characters",
    "number": "write a number, such as 12 or 12.5",
    "date": "write a date",
}


class Unsound(Invalid):
    """The script cannot be used as it is: `problems` are all there is to mend, step by step."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].field, problems[0].message)
        self.problems = tuple(problems)


def create_script(script: Script, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> int:
    _check(script)
    with unit_of_work() as uow:
        script_id = uow.scripts.add(script, clock.now())
        history.record_created(uow, clock, [("script", script_id, None)], user_id=user_id)
        _audit(uow, clock, user_id, "script_created", script_id)
        uow.commit()
    return script_id


def update_script(
    script_id: int,
    script: Script,
    *,
    active: bool,
    version: int,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> int:
    """Calls under way go on in the new one, from where their answers lead to in it."""
    _check(script)
    with unit_of_work() as uow:
        with history.recorded(uow, clock, "script", script_id, user_id=user_id):
            new_version = uow.scripts.update(
                script_id, script, active=active, version=version, at=clock.now()
            )
        _audit(uow, clock, user_id, "script_changed", script_id)
        uow.commit()
    return new_version


def answer_step(
    interaction_id: int,
    step_id: str,
    given: str,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> None:
    """Keep the answer and go on to the step that it leads to."""
    with unit_of_work() as uow:
        stored, run = _mine(uow, interaction_id, user_id)
        step = _step(stored, step_id)
        kept = accepted(step, given)
        if kept is None:
            raise Invalid("answer", _ASKS.get(step.kind, "this answer is not one of the step's"))
        answers = {**(run.answers if run else {}), step_id: kept}
        following = next_step(step, kept) or ""
        uow.scripts.save_run(
            Run(
                interaction_id=interaction_id,
                script_id=stored.id,
                user_id=user_id,
                step=following,
                answers=answers,
                updated_at=clock.now(),
            )
        )
        uow.commit()


def go_back(
    interaction_id: int,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> None:
    """To the step before; its answer stays until another is given."""
    with unit_of_work() as uow:
        stored, run = _mine(uow, interaction_id, user_id)
        answers = run.answers if run else {}
        path = position(stored.script, answers, run.step if run else "").path
        if not path:
            return
        uow.scripts.save_run(
            Run(
                interaction_id=interaction_id,
                script_id=stored.id,
                user_id=user_id,
                step=path[-1],
                answers=answers,
                updated_at=clock.now(),
            )
        )
        uow.commit()


def _check(script: Script) -> None:
    problems = problems_of(script)
    if problems:
        raise Unsound(problems)


def _mine(uow: UnitOfWork, interaction_id: int, user_id: int) -> tuple[StoredScript, Run | None]:
    uow.interactions.get(interaction_id)  # back from the archive, where it is there
    contact = uow.outcomes.contact(interaction_id, user_id)
    if contact is None:
        raise NotFound("interaction", f"there is no interaction {interaction_id}")
    user = uow.users.get(user_id)
    leads = user is not None and user.role in _LEADERS
    if not (contact.took_part or may_give(contact, None, user_id, leads=leads)):
        raise Forbidden("interaction", "you took no part in this call")
    run = uow.scripts.run(interaction_id)
    stored = uow.scripts.get(run.script_id) if run else uow.scripts.of_queue(contact.queue)
    if stored is None:
        raise NotFound("script", "there is no script for this call's queue")
    return stored, run


def _step(stored: StoredScript, step_id: str) -> Step:
    step = stored.script.step(step_id)
    if step is None:
        raise Conflict("step", "the script was changed meanwhile; look again")
    return step


def _audit(uow: UnitOfWork, clock: Clock, user_id: int, action: str, script_id: int) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="script",
        object_id=str(script_id),
        at=clock.now(),
    )
