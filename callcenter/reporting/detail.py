"""Contacts as rows of a file: which columns, and what stands in each. Pure."""

from __future__ import annotations

from typing import Any, Final

from callcenter.reporting.language import ENGLISH, Language
from callcenter.reporting.tables import Names, headed, label
from callcenter.reports.periods import zone_of

HEADER: Final = (
    "Contact",
    "Channel",
    "Direction",
    "Result",
    "Began",
    "Answered",
    "Ended",
    "Number",
    "Customer",
    "Number dialled",
    "Queue",
    "Operator",
    "Wait",
    "Talk",
    "Hold",
    "Outcome",
)
_SECONDS: Final = ("Wait", "Talk", "Hold")
_NO_NAMES: Final = Names()


def header(language: Language = ENGLISH) -> tuple[str, ...]:
    units = dict.fromkeys(_SECONDS, "seconds")
    return tuple(headed(one, units.get(one, ""), language) for one in HEADER)


def row_of(
    view: Any, zone: str, language: Language = ENGLISH, names: Names = _NO_NAMES
) -> tuple[str, ...]:
    """Of one `InteractionView`; times on the clock of `zone`. Queues and chat windows are called
    as in `names`."""

    def time(moment: Any) -> str:
        if moment is None:
            return ""
        return str(moment.astimezone(zone_of(zone)).strftime("%Y-%m-%d %H:%M:%S"))

    return (
        str(view.id),
        language.code("channel", view.channel) or view.channel,
        language.code("direction", view.direction) or view.direction,
        language.code("result", view.result) or view.result,
        time(view.started_at),
        time(view.answered_at),
        time(view.ended_at),
        str(view.number),
        view.customer.display_name if view.customer else "",
        label("dialed", view.dialed, names, language) if view.dialed else "",
        names.queues.get(view.queue, view.queue),
        view.operator.display_name if view.operator else "",
        _seconds(view.wait_seconds),
        _seconds(view.talk_seconds),
        _seconds(view.hold_seconds),
        view.outcome.label if view.outcome else "",
    )


def _seconds(value: float | None) -> str:
    return "" if value is None else str(round(value))
