"""What each figure knows of: which groupings and which filters. One that knows nothing of what it
is asked by has no number there: any would be of something else than the page says. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from callcenter.reports.definitions import Kpi
from callcenter.reports.folding import TIMES
from callcenter.reports.question import By, Filters, Question, Unknown

FILTERS: Final[Mapping[By, str]] = {
    "channel": "channels",
    "direction": "directions",
    "queue": "queues",
    "dialed": "dialed",
    "trunk": "trunks",
    "result": "results",
    "operator": "operators",
    "outcome": "outcomes",
    "segment": "segments",
}
"""What a row can stand for → the filter by the same thing."""
_ONLY_VISITS: Final = frozenset(
    {
        "service_level",
        "asa",
        "abandoned",
        "abandonment",
        "abandon_wait",
        "wait_longest",
        "offered",
        "contacts",
        "overflowed",
        "short_abandoned",
        "given_up",
        "waiting",
    }
)
_THEIRS: Final = "operators"
_OF_THEIRS: Final = frozenset({"operator", "queue", "channel", "direction"})
_GROUPS: Final[Mapping[str, frozenset[str]]] = {
    _THEIRS: _OF_THEIRS,
    "states": frozenset({"operator", "state", "reason"}),
    "repeats": frozenset({"queue", "channel", "operator", "result", "dialed", "trunk"}),
    "callbacks": frozenset({"queue"}),
    "surveys": frozenset({"queue", "operator"}),
    "quality": frozenset({"queue", "operator", "channel"}),
}
"""Besides times. Visits and contacts can be told by all there is."""
_FILTERED: Final[Mapping[str, frozenset[str]]] = {
    _THEIRS: _OF_THEIRS,
    "states": frozenset({"operator"}),
}
"""All others stand for contacts, which tell everything that is asked of them."""


def are_theirs(kpi: Kpi, question: Question) -> bool:
    """What operators did is theirs, also of calls taken over."""
    by_operator = "operator" in question.by or question.filters.operators is not None
    mine = kpi.source == "contacts" and by_operator and kpi.name not in _ONLY_VISITS
    return mine or kpi.source == "operators"


def unknown(kpi: Kpi, question: Question) -> Unknown:
    """What of the question the figure knows nothing of; empty where it is answered."""
    source = _THEIRS if are_theirs(kpi, question) else kpi.source
    groups, filtered = _GROUPS.get(source), _FILTERED.get(source)
    return Unknown(
        filters=tuple(
            by for by in asked(question.filters) if filtered is not None and by not in filtered
        ),
        by=tuple(
            by for by in question.by if groups is not None and by not in groups and by not in TIMES
        ),
    )


def asked(filters: Filters) -> tuple[By, ...]:
    """By what it is narrowed; of nobody at all is narrowed, too."""
    given = {by: getattr(filters, name) for by, name in FILTERS.items()}
    return tuple(by for by, told in given.items() if told or (by == "operator" and told == ()))
