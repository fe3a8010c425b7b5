"""Why an interaction is as it is: for supervisors, and for operators of calls they took part in.

The page, its events by pages, and the same events as one file to send along with a question.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request

from callcenter.calls.record import CallRecord
from callcenter.calls.story import Story, tell
from callcenter.pbx.journal_text import RawEvent
from callcenter.queries import decisions, explanations
from callcenter.queries.explanations import ExplanationView
from callcenter.queries.views import InteractionView
from web import actions
from web.access import allow
from web.context import me, reading, runtime, today
from web.explain import words
from web.explain.chart import draw
from web.explain.moments import moments
from web.explain.people import people_of
from web.explain.retelling import RECORDING, EventFilter, facts_of, read, recording
from web.explain.rights import may_see
from web.explain.routes import Trace, trace_of
from web.showing import as_seen
from web.viewer import the_viewer
from web.whole_numbers import whole_number

explain = Blueprint("explain", __name__, url_prefix="/interactions")
EVENTS = 100


@dataclass(frozen=True, slots=True)
class EventPage:
    """`next`: where the following page begins, None after the last."""

    shown: tuple[tuple[int, RawEvent], ...]
    found: int
    all: int
    next: int | None
    asked: EventFilter


@explain.get("/<int:interaction_id>/explain")
@allow()
def page(interaction_id: int) -> str:
    found, events = _found(interaction_id)
    shown = _event_page(events)
    if request.headers.get("HX-Target") in ("more-events", "events"):
        return render_template("explain/events.html", interaction=found.interaction, events=shown)
    record = found.record
    story = _story(record, events) if record is not None else None
    people = people_of(found.interaction, record) if record is not None else None
    traces = traces_of(found.interaction)
    return render_template(
        "explain/page.html",
        interaction=found.interaction,
        record=record,
        found=found,
        story=story,
        chart=draw(story) if story is not None and story.lanes else None,
        shown_doings={bar.doing for lane in story.lanes for bar in lane.bars} if story else (),
        people=people,
        traces=traces,
        moments=(
            moments(found.interaction, record, story, people, traces) if record and people else ()
        ),
        figures=words.figures(found.interaction, record),
        region=_region(record),
        events=shown,
        words=words,
    )


@explain.get("/<int:interaction_id>/recording")
@allow()
def download(interaction_id: int) -> Response:
    _, events = _found(interaction_id)
    if not events:
        abort(404)
    hide = request.args.get("hide") == "yes"
    actions.note_recording_taken(interaction_id, me().id, hidden=hide)
    name = f"call-{interaction_id}{'-masked' if hide else ''}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    body = recording(events, hide=hide)
    return Response(body, mimetype=RECORDING, headers=headers)


def is_explained_to_me(interaction: InteractionView) -> bool:
    return may_see(interaction, the_viewer(), leads=me().is_supervisor)


def _found(interaction_id: int) -> tuple[ExplanationView, list[RawEvent]]:
    with reading() as connection:
        found = explanations.get(connection, interaction_id, today())
        if found is None:
            abort(404)
        if not is_explained_to_me(found.interaction):
            abort(403)
        call_id = found.interaction.call_id
        parts = explanations.journal(connection, call_id) if call_id is not None else ()
    return found, read(parts)


def traces_of(interaction: InteractionView) -> list[Trace]:
    """Every decision of the call, as its reader may see it."""
    if interaction.call_id is None:
        return []
    with reading() as connection:
        made = decisions.of_call(connection, interaction.call_id)
        names = decisions.names(connection, (one.version for one in made)) if made else None
    return [trace_of(one, names) for one in as_seen(made)] if names is not None else []


def _story(record: CallRecord, events: list[RawEvent]) -> Story | None:
    return tell(record, facts_of(record, events), runtime().clock.now())


def _event_page(events: list[RawEvent]) -> EventPage:
    source = request.args.get("source", "")
    asked = EventFilter(
        source if source in ("live", "ledger") else "", request.args.get("find", "").strip()[:80]
    )
    start = max(0, request.args.get("from", 0, type=whole_number))
    kept = [(at, one) for at, one in enumerate(events, start=1) if asked.keeps(one)]
    end = start + EVENTS
    following = end if end < len(kept) else None
    return EventPage(tuple(kept[start:end]), len(kept), len(events), following, asked)


def _region(record: CallRecord | None) -> str:
    """The country whose number plan the trunk of the call follows."""
    plan = runtime().settings.number_plan_for(record.trunk if record is not None else "")
    return plan.region
