"""Contacts as rows of a file: which columns, and what stands in each. Pure."""

from __future__ import annotations

from typing import Any, Final

from callcenter.reports.periods import zone_of

HEADER: Final = (
    "Contact",
    "Channel",
    "Direction",
    "Result",
    "Started",
    "Answered",
    "Ended",
    "Number",
    "Customer",
    "Number dialled",
    "Queue",
    "Operator",
    "Wait, s",
    "Talk, s",
    "Hold, s",
    "Outcome",
)


def row_of(view: Any, zone: str) -> tuple[str, ...]:
    """Of one `InteractionView`; times on the clock of `zone`."""

    def time(moment: Any) -> str:
        if moment is None:
            return ""
        return str(moment.astimezone(zone_of(zone)).strftime("%Y-%m-%d %H:%M:%S"))

    return (
        str(view.id),
        view.channel,
        view.direction,
        view.result,
        time(view.started_at),
        time(view.answered_at),
        time(view.ended_at),
        str(view.number),
        view.customer.display_name if view.customer else "",
        view.dialed,
        view.queue,
        view.operator.display_name if view.operator else "",
        _seconds(view.wait_seconds),
        _seconds(view.talk_seconds),
        _seconds(view.hold_seconds),
        view.outcome.label if view.outcome else "",
    )


def _seconds(value: float | None) -> str:
    return "" if value is None else str(round(value))
