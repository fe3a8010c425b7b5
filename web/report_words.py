"""Reports as people read them: figures and their formulas, questions, groupings, periods, problems.

The catalogue of figures is English; its words stand here once more so that they are translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.reporting.language import NOT_FILTERED, NOT_SPLIT
from callcenter.reporting.tables import Names, monday_of, trunk_shown, unlike
from callcenter.reports.definitions import KPIS, LISTS
from callcenter.reports.question import Answer, By
from web.context import today
from web.conversation_words import CHANNEL_LOOKS
from web.presentation import DIRECTIONS, PAUSE_REASONS, RESULTS, STATES, duration

BY_WORDS: Final[Mapping[str, Any]] = {
    "half_hour": _l("Half hour"),
    "hour": _l("Hour"),
    "time_of_day": _l("Time of day"),
    "weekday": _l("Weekday"),
    "day": _l("Day"),
    "week": _l("Week"),
    "month": _l("Month"),
    "year": _l("Year"),
    "channel": _l("Channel"),
    "direction": _l("Direction"),
    "queue": _l("Queue"),
    "dialed": _l("Number dialled"),
    "trunk": _l("Trunk"),
    "operator": _l("Operator"),
    "state": _l("State"),
    "reason": _l("Reason"),
    "result": _l("Result"),
    "outcome": _l("Outcome"),
    "segment": _l("Segment"),
    "menu_path": _l("Keys in menus"),
}
PERIODS: Final[Mapping[str, Any]] = {
    "today": _l("Today"),
    "yesterday": _l("Yesterday"),
    "7d": _l("Last 7 days"),
    "week": _l("This week"),
    "last_week": _l("Last week"),
    "month": _l("This month"),
    "last_month": _l("Last month"),
    "90d": _l("Last 90 days"),
    "year": _l("This year"),
    "custom": _l("From … to"),
}
PROBLEMS: Final[Mapping[str, Any]] = {
    "no_date": _l("This is no date between 1970 and 2200. Write it as 2026-11-22."),
    "backwards": _l("The end is before the beginning. Turn the dates round."),
    "too_long": _l("A report covers ten years at most. Choose a shorter period."),
    "no_number": _l("Write a whole number that fits: seconds from 1 to 3600, days from 1 to 90."),
    "unknown_group": _l("This report cannot be split like that. It is shown as it is opened."),
    "unknown_period": _l("There is no such period. Choose one from the list."),
    "unknown_zone": _l("There is no such time zone."),
    "no_id": _l("Choose one of the list."),
    "no_choice": _l("Choose one of the list."),
    "too_many": _l("Choose at most 200."),
    "too_many_groups": _l("A report is split by two things at most. The first two are shown."),
    "twice": _l("The address says this twice, in two ways. Choose one."),
    "both": _l("Choose a period or days, not both."),
}
MAIL_NOTES: Final = (
    _l("The file is too large for a mail. Open the report here, and make it there:"),
)
HEADINGS_OF_FILES: Final = (_l("%(what)s, s"),)
NOTES_OF_FILTERS: Final = (_l("Not for this filter: %(what)s"), _l("Not split by: %(what)s"))
TITLES: Final[Mapping[str, Any]] = {
    "speed": _l("How fast did we answer?"),
    "traffic": _l("How much came in?"),
    "hours": _l("When do they come?"),
    "patience": _l("Who gave up waiting?"),
    "handling": _l("How long did a contact take?"),
    "sources": _l("Which way did they come?"),
    "outcomes": _l("How did contacts end?"),
    "first_time": _l("Was it solved the first time?"),
    "operators": _l("How were operators' hours spent?"),
    "pauses": _l("What were pauses for?"),
    "outbound": _l("How many did we reach?"),
    "callbacks": _l("Did call-backs reach anybody?"),
    "surveys": _l("How satisfied were callers?"),
    "quality": _l("How well were contacts handled?"),
    "menus": _l("What did callers choose?"),
}
_DAYS: Final = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
KPI_WORDS: Final[Mapping[str, tuple[Any, Any]]] = {
    "contacts": (_l("Contacts"), _l("calls, mails, chats and other contacts, each once")),
    "offered": (_l("Offered"), _l("visits of callers to a queue, or to us without a queue")),
    "answered": (_l("Answered"), _l("offered contacts that somebody spoke with")),
    "abandoned": (_l("Abandoned"), _l("offered contacts that hung up while they waited")),
    "short_abandoned": (
        _l("Short abandons"),
        _l("abandoned within the seconds that the queue calls a short abandon"),
    ),
    "overflowed": (_l("Overflowed"), _l("left a queue unanswered and went on elsewhere")),
    "given_up": (_l("Not answered"), _l("nobody answered, and the telephone system ended it")),
    "waiting": (_l("Still waiting"), _l("offered contacts that wait now")),
    "service_level": (
        _l("Service level"),
        _l(
            "answered within the target seconds / offered, without short abandons "
            "and those who still wait (abandons in), or / answered (abandons out)"
        ),
    ),
    "asa": (_l("Average speed of answer"), _l("sum of the waits of the answered / answered")),
    "wait_longest": (_l("Longest wait"), _l("the longest wait of anybody, answered or not")),
    "abandon_wait": (
        _l("Patience of those who hung up"),
        _l("sum of the waits of the abandoned / abandoned"),
    ),
    "abandonment": (
        _l("Abandonment"),
        _l("abandoned / offered, both without short abandons and those who still wait"),
    ),
    "aht": (_l("Average handling time"), _l("(talk + hold + wrap-up) / handled conversations")),
    "handled": (_l("Handled"), _l("answered, and placed calls that were answered")),
    "talk_mean": (_l("Average talk"), _l("sum of talk / handled conversations")),
    "hold_mean": (_l("Average hold"), _l("sum of hold / handled conversations")),
    "wrap_up_mean": (_l("Average wrap-up"), _l("sum of wrap-up / handled conversations")),
    "ring_mean": (_l("Average ring"), _l("time in which phones rang / handled conversations")),
    "talk": (_l("Talk"), _l("time in conversation and not on hold")),
    "hold": (_l("Hold"), _l("time in conversation while it stood still")),
    "wrap_up": (_l("Wrap-up"), _l("time spent on contacts after they ended")),
    "traffic": (_l("Traffic"), _l("(talk + hold + wrap-up) / length of the time")),
    "transferred": (
        _l("Transfers"),
        _l("conversations that were handed to somebody else"),
    ),
    "transfer_rate": (_l("Transfer rate"), _l("transfers / handled conversations")),
    "placed": (_l("Calls placed"), _l("calls that we made")),
    "reached": (_l("Reached"), _l("placed calls that were answered")),
    "reach_rate": (_l("Reach rate"), _l("reached / calls placed")),
    "rung": (_l("Rung"), _l("times that a contact was put to an operator")),
    "not_taken": (_l("Not taken"), _l("rung, and the operator did not answer")),
    "take_rate": (_l("Taken of rung"), _l("answered / rung")),
    "occupancy": (
        _l("Occupancy"),
        _l("(talk + hold + wrap-up) / (talk + hold + wrap-up + ringing + ready)"),
    ),
    "utilisation": (
        _l("Utilisation"),
        _l("(talk + hold + wrap-up + pauses that count as work) / time logged in"),
    ),
    "logged_in": (_l("Logged in"), _l("all time but offline")),
    "ready": (_l("Ready"), _l("time in which a call could come")),
    "paused": (_l("Paused"), _l("all pauses")),
    "wrapping_up": (_l("In wrap-up"), _l("time in the state after calls")),
    "pause_adherence": (
        _l("Adherence to pauses"),
        _l("pauses that ended within their limit / ended pauses that have a limit"),
    ),
    "fcr": (
        _l("First-contact resolution"),
        _l(
            "answered contacts of somebody who did not come again within the days "
            "/ answered contacts of known people and numbers"
        ),
    ),
    "repeated": (_l("Repeat contacts"), _l("contacts of who came within the days before")),
    "repeat_rate": (
        _l("Repeat rate"),
        _l("repeat contacts / contacts of known people and numbers"),
    ),
    "callbacks": (_l("Call-backs asked for"), _l("callers who asked to be called")),
    "callback_success": (
        _l("Call-back success"),
        _l("call-backs in which we spoke / call-backs that are closed"),
    ),
    "survey_answers": (_l("Survey answers"), _l("surveys that were answered")),
    "survey_score": (_l("Survey score"), _l("sum of scores / answers with a score")),
    "assessments": (_l("Assessments"), _l("final assessments of contacts")),
    "quality_score": (
        _l("Quality score"),
        _l("sum of scores / final assessments with a score"),
    ),
}


def kpi_title(kpi: str) -> str:
    return str(KPI_WORDS[kpi][0]) if kpi in KPI_WORDS else KPIS[kpi].title


def kpi_formula_alone(kpi: str) -> str:
    return str(KPI_WORDS[kpi][1]) if kpi in KPI_WORDS else KPIS[kpi].formula


def kpi_formula(kpi: str, answer: Answer | None = None) -> str:
    """The formula in words, whose definition it is, and why the answer has no number of it."""
    formula = kpi_formula_alone(kpi)
    cited = KPIS[kpi].cited
    told = f"{kpi_title(kpi)} = {formula}"
    told = f"{told} ({cited})" if cited else told
    return f"{told}. {why}." if (why := why_not(kpi, answer)) else told


def why_not(kpi: str, answer: Answer | None) -> str:
    """What of the question the figure knows nothing of; '' where it is answered."""
    told = unlike(answer.unknown.get(kpi) if answer is not None else None)
    sentences = {NOT_FILTERED: NOTES_OF_FILTERS[0], NOT_SPLIT: NOTES_OF_FILTERS[1]}
    return "; ".join(
        str(sentences[text]) % {"what": ", ".join(str(BY_WORDS[by]) for by in named)}
        for text, named in told
    )


def listed(kpi: str) -> str:
    """Which contacts stand behind a share or a mean; '' of a count, whose name says it."""
    count = LISTS.get(kpi, "")
    if not count:
        return ""
    known = {"resolved": _("Resolved the first time"), "closed": _("Closed call-backs")}
    return str(_("Listed here: %(what)s", what=known.get(count) or kpi_title(count)))


def kpi_value(kpi: str, value: float | None) -> str:
    if value is None:
        return "–"
    unit = KPIS[kpi].unit
    if unit == "share":
        return f"{format_decimal(round(value * 100, 1))}\u00a0%"
    if unit == "seconds":
        return duration(value)
    return str(format_decimal(round(value, 2)))


def row_label(by: By, key: str, names: Names) -> str:  # noqa: PLR0911 (one for each kind of row)
    if not key:
        return none_of(by)
    if by == "weekday" and key in "1234567":
        return str(_DAYS[int(key) - 1])
    if by == "day":
        return _day(date.fromisoformat(key), "EEE d MMM")
    if by == "week":
        return str(_("week of %(day)s", day=week_day(key)))
    if by == "month":
        return str(format_date(date.fromisoformat(f"{key}-01"), "LLL y"))
    if by in ("half_hour", "hour"):
        when = datetime.fromisoformat(key)
        return f"{_day(when.date(), 'd MMM')} {when:%H:%M}"
    looks = {"channel": CHANNEL_LOOKS, "direction": DIRECTIONS, "result": RESULTS, "state": STATES}
    if by in looks:
        found = looks[by].get(key)
        return str(found.word) if found is not None else key
    if by == "trunk":
        return trunk_shown(key)
    if by == "dialed" and key in names.chats:
        return f"{CHANNEL_LOOKS['chat'].word}: {names.chats[key]}"
    if by == "reason":
        return str(PAUSE_REASONS.get(key) or names.reasons.get(key) or key)
    return str(names.of(by).get(key, key))


def notes(answer: Answer) -> list[str]:
    """What is to be known of an answer besides its numbers."""
    told = []
    alike: dict[str, list[str]] = {}
    for kpi in answer.unknown:
        alike.setdefault(why_not(kpi, answer), []).append(kpi_title(kpi))
    told += [f"{', '.join(titles)}: {why}" for why, titles in alike.items()]
    if not answer.rows and len(answer.unknown) < len(answer.totals):
        told.append(_("Nothing was counted in this time"))
    if answer.overlap:
        told.append(_("Somebody in two segments counts in both rows, and once in the total."))
    if answer.live_segments:
        told.append(
            _("A live segment has those who belong to it now, whenever their contacts were.")
        )
    if answer.cut:
        told.append(
            _(
                "There are more rows than a report has. Choose a shorter period, or group by "
                "longer times."
            )
        )
    return [str(one) for one in told]


def strangers(names: list[str]) -> str:
    """What is asked for and is not there, or not for who asks."""
    return str(
        _(
            "There is none of these, or you may not see it: %(names)s. Take it out of the filters.",
            names=", ".join(names),
        )
    )


def week_day(key: str) -> str:
    """The Monday of `2026-W47`, as people write a day."""
    return _day(date.fromisoformat(monday_of(key)), "d MMM")


def _day(day: date, form: str) -> str:
    """Of another year than this one, with its year."""
    return str(format_date(day, form if day.year == today().year else f"{form} y"))


def none_of(by: By) -> str:
    return str(
        {
            "queue": _("Without a queue"),
            "operator": _("Nobody"),
            "outcome": _("No outcome given"),
            "menu_path": _("No key pressed"),
            "segment": _("In no segment"),
            "reason": _("No reason"),
            "dialed": _("No number of ours"),
            "trunk": _("Without a trunk"),
        }.get(by)
        or _("Unknown")
    )
