"""The life of an assessment: who may do what with it, and when.

    draft ⇄ final → answered → closed
                  ↘ disputed ↗

The assessor writes a draft and makes it final; only then does the operator see it. They agree or
object, once; whoever leads quality closes it, after an objection with the answers put right if
that is due. What was made final by mistake they reopen, as long as the operator has not answered:
it is a draft again, of the same assessor.
"""

from __future__ import annotations

from typing import Final, Literal

State = Literal["draft", "final", "answered", "disputed", "closed"]
Step = Literal["finish", "reopen", "agree", "dispute", "close"]
STATES: Final[tuple[State, ...]] = ("draft", "final", "answered", "disputed", "closed")
_NEXT: Final[dict[tuple[State, Step], State]] = {
    ("draft", "finish"): "final",
    ("final", "reopen"): "draft",
    ("final", "agree"): "answered",
    ("final", "dispute"): "disputed",
    ("final", "close"): "closed",
    ("answered", "close"): "closed",
    ("disputed", "close"): "closed",
}


def after(state: State, step: Step) -> State | None:
    """None where this step cannot be taken from there."""
    return _NEXT.get((state, step))


def may_be_corrected(state: State) -> bool:
    """Answers change while it is being written, and where the operator objected."""
    return state in ("draft", "disputed")
