"""Laws of call scripts: a sound one always ends, and filling a text never fails."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from callcenter.scripts.placeholders import fill
from callcenter.scripts.run import accepted, next_step, position
from callcenter.scripts.script import STEP_KINDS, Option, Script, Step, steps_json, steps_of
from callcenter.scripts.validation import problems_of

_IDS = ("a", "b", "c", "d", "e")
_LABELS = ("x", "y", "z")


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    """Scripts whose ways lead somewhere, though perhaps round for ever."""
    ids = _IDS[: draw(st.integers(1, len(_IDS)))]
    ways = st.sampled_from((*ids, ""))
    options = st.lists(
        st.builds(Option, st.sampled_from(_LABELS), ways),
        min_size=1,
        max_size=3,
        unique_by=lambda option: option.label,
    )
    kinds = st.sampled_from(STEP_KINDS)
    steps = tuple(
        Step(id=one, title="Step", kind=draw(kinds), options=tuple(draw(options)), next=draw(ways))
        for one in ids
    )
    return Script(title="Script", steps=steps)


SCRIPTS = scripts()
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(SCRIPTS)
def test_a_sound_script_reaches_its_end_from_every_step(script: Script) -> None:
    assume(not problems_of(script))
    for step in script.steps:
        reached, ahead = set[str](), {step.id}
        while ahead - reached:
            reached |= ahead
            found = [script.step(one) for one in ahead if one]
            ahead = {way for one in found if one is not None for way in one.ways}
        assert "" in reached


@given(SCRIPTS, st.dictionaries(st.sampled_from(_IDS), st.sampled_from(("x", "y", "done", ""))))
def test_where_one_is_follows_from_the_answers_alone(
    script: Script, answers: dict[str, str]
) -> None:
    where = position(script, answers)
    assert where == position(script, dict(reversed(answers.items())))
    assert 0.0 <= where.progress <= 1.0
    assert len(set(where.path)) == len(where.path)
    for before, after in zip(where.path, where.path[1:], strict=False):
        step = script.step(before)
        assert step is not None
        assert next_step(step, answers[before]) == after


@given(SCRIPTS, st.lists(st.sampled_from(("x", "y", "z", "7", "2026-03-09"))))
def test_any_answers_that_are_accepted_lead_somewhere(script: Script, said: list[str]) -> None:
    assume(not problems_of(script))
    answers: dict[str, str] = {}
    for text in said:
        step = position(script, answers).step
        kept = accepted(step, text) if step is not None else None
        if step is not None and kept is not None:
            answers[step.id] = kept
            assert next_step(step, kept) is not None


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_filling_never_raises_and_leaves_no_brace_of_the_script(
    text: str, values: dict[str, str]
) -> None:
    for part in fill(text, values):
        assert part.kind == "value" or not set(part.text) & set("{}")


@given(_JSON)
def test_whatever_is_stored_is_read_and_judged(stored: object) -> None:
    steps = steps_of(stored)
    problems_of(Script(title="Script", steps=steps))
    assert steps_of(steps_json(steps)) == tuple(
        Step(
            id=step.id,
            title=step.title,
            text=step.text,
            kind=step.kind,
            options=step.options if step.kind == "choice" else (),
            next="" if step.kind == "choice" else step.next,
        )
        for step in steps
    )
