"""The demo's operators are at work while it runs: their desk phones are played, so nobody logs in
for them, and a wallboard of people who are away shows nothing."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.runtime import Runtime
from callcenter.seed import company
from callcenter.services import operator_state


def begin(runtime: Runtime) -> None:
    """Ready, unless they chose something else when the demo ran last."""
    _each(runtime, operator_state.begin_work)


def end(runtime: Runtime) -> None:
    _each(runtime, operator_state.end_work)


def _each(runtime: Runtime, step: Callable[..., object]) -> None:
    with runtime.unit_of_work() as uow:
        operators = sorted(company.operators_phones(uow).values())
    for user_id in operators:
        step(
            user_id,
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
            clock=runtime.clock,
        )
