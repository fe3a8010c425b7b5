"""The catalogue of figures: what each is called, its formula in words, and whose definition it is.

Pages show `formula` beside the number, and the numbers are made by `value` from the very sums that
the words name, so that both say the same. Cited:

- GKM: Gans, Koole, Mandelbaum, "Telephone Call Centers: Tutorial, Review, and Research Prospects",
  Manufacturing & Service Operations Management 5(2), 2003.
- Koole: Ger Koole, "Call Center Optimization", MG Books, 2013 (service level with abandonments).
- Cleveland: Brad Cleveland, "Call Center Management on Fast Forward", ICMI.
- E.600: ITU-T Recommendation E.600, "Terms and definitions of traffic engineering".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from callcenter.reports.measures import Sums

Unit = Literal["count", "share", "seconds", "score", "erlangs"]
Source = Literal["contacts", "operators", "states", "repeats", "callbacks", "surveys", "quality"]
Value = Callable[[Sums], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """`unit` "share": from 0 to 1. `better`: which way is good, "" where neither is. `cited` '':
    our own definition. Titles and formulas are English; the doors translate them."""

    name: str
    title: str
    formula: str
    unit: Unit
    source: Source
    value: Value
    cited: str = ""
    better: Literal["up", "down", ""] = ""


def sum_of(name: str) -> Value:
    return lambda sums: sums.get(name, 0)


def share(part: str, whole: str) -> Value:
    """None of nothing."""

    def value(sums: Sums) -> float | None:
        base = sums.get(whole, 0)
        return sums.get(part, 0) / base if base else None

    return value


def handling_time(sums: Sums) -> float | None:
    """AHT = (talk + hold + wrap-up) / handled, in seconds."""
    handled = sums.get("handled", 0)
    return _handling(sums) / handled if handled else None


def occupancy(sums: Sums) -> float | None:
    busy = _busy(sums)
    base = busy + sums.get("ready", 0) + sums.get("ringing", 0)
    return busy / base if base else None


def utilisation(sums: Sums) -> float | None:
    logged_in = sums.get("logged_in", 0)
    return (_busy(sums) + sums.get("productive_pause", 0)) / logged_in if logged_in else None


def erlangs(sums: Sums) -> float | None:
    length = sums.get("length", 0)
    return _handling(sums) / length if length else None


def resolution(sums: Sums) -> float | None:
    base = sums.get("resolvable", 0)
    return (base - sums.get("came_again", 0)) / base if base else None


def quality_score(sums: Sums) -> float | None:
    """Scores are summed in hundredths of a percent."""
    base = sums.get("quality_scored", 0)
    return sums.get("quality_points", 0) / (base * 10_000) if base else None


def _handling(sums: Sums) -> float:
    return sums.get("talk", 0) + sums.get("hold", 0) + sums.get("wrap_up", 0)


def _busy(sums: Sums) -> float:
    return sums.get("talking", 0) + sums.get("on_hold", 0) + sums.get("wrapping_up", 0)


def _count(name: str, title: str, formula: str, source: Source = "contacts") -> Kpi:
    return Kpi(
        name=name, title=title, formula=formula, unit="count", source=source, value=sum_of(name)
    )


def _seconds(name: str, title: str, formula: str, source: Source = "states") -> Kpi:
    return Kpi(
        name=name, title=title, formula=formula, unit="seconds", source=source, value=sum_of(name)
    )


_ALL: Final = (
    _count("contacts", "Contacts", "calls, mails, chats and other contacts, each once"),
    _count("offered", "Offered", "visits of callers to a queue, or to us without a queue"),
    _count("answered", "Answered", "offered contacts that somebody spoke with"),
    _count("abandoned", "Abandoned", "offered contacts that hung up while they waited"),
    _count(
        "short_abandoned",
        "Short abandons",
        "abandoned within the seconds that the queue calls a short abandon",
    ),
    _count("overflowed", "Overflowed", "left a queue unanswered and went on elsewhere"),
    _count("given_up", "Not answered", "nobody answered, and the telephone system ended it"),
    _count("waiting", "Still waiting", "offered contacts that wait now"),
    Kpi(
        name="service_level",
        title="Service level",
        formula="answered within the target seconds / offered, without short abandons and those "
        "who still wait (abandons in), or / answered (abandons out)",
        unit="share",
        source="contacts",
        value=share("level_in", "level_of"),
        cited="GKM, Koole",
        better="up",
    ),
    Kpi(
        name="asa",
        title="Average speed of answer",
        formula="sum of the waits of the answered / answered",
        unit="seconds",
        source="contacts",
        value=share("wait_answered", "answered"),
        cited="GKM",
        better="down",
    ),
    Kpi(
        name="wait_longest",
        title="Longest wait",
        formula="the longest wait of anybody, answered or not",
        unit="seconds",
        source="contacts",
        value=sum_of("wait_longest"),
        better="down",
    ),
    Kpi(
        name="abandon_wait",
        title="Patience of those who hung up",
        formula="sum of the waits of the abandoned / abandoned",
        unit="seconds",
        source="contacts",
        value=share("wait_abandoned", "abandoned"),
    ),
    Kpi(
        name="abandonment",
        title="Abandonment",
        formula="abandoned / offered, both without short abandons and those who still wait",
        unit="share",
        source="contacts",
        value=share("lost", "lost_of"),
        cited="GKM",
        better="down",
    ),
    Kpi(
        name="aht",
        title="Average handling time",
        formula="(talk + hold + wrap-up) / handled conversations",
        unit="seconds",
        source="contacts",
        value=handling_time,
        cited="Cleveland",
    ),
    _count("handled", "Handled", "answered, and placed calls that were answered"),
    *(
        Kpi(
            name=f"{name}_mean",
            title=title,
            formula=f"{words} / handled conversations",
            unit="seconds",
            source="contacts",
            value=share(name, "handled"),
        )
        for name, title, words in (
            ("talk", "Average talk", "sum of talk"),
            ("hold", "Average hold", "sum of hold"),
            ("wrap_up", "Average wrap-up", "sum of wrap-up"),
            ("ring", "Average ring", "time in which phones rang"),
        )
    ),
    _seconds("talk", "Talk", "time in conversation and not on hold", "contacts"),
    _seconds("hold", "Hold", "time in conversation while it stood still", "contacts"),
    _seconds("wrap_up", "Wrap-up", "time spent on contacts after they ended", "contacts"),
    Kpi(
        name="traffic",
        title="Traffic",
        formula="(talk + hold + wrap-up) / length of the time",
        unit="erlangs",
        source="contacts",
        value=erlangs,
        cited="E.600",
    ),
    _count("transferred", "Transfers", "conversations that were handed to somebody else"),
    Kpi(
        name="transfer_rate",
        title="Transfer rate",
        formula="transfers / handled conversations",
        unit="share",
        source="contacts",
        value=share("transferred", "handled"),
        better="down",
    ),
    _count("placed", "Calls placed", "calls that we made"),
    _count("reached", "Reached", "placed calls that were answered"),
    Kpi(
        name="reach_rate",
        title="Reach rate",
        formula="reached / calls placed",
        unit="share",
        source="contacts",
        value=share("reached", "placed"),
        better="up",
    ),
    _count("rung", "Rung", "times that a contact was put to an operator", "operators"),
    _count("not_taken", "Not taken", "rung, and the operator did not answer", "operators"),
    Kpi(
        name="take_rate",
        title="Taken of rung",
        formula="answered / rung",
        unit="share",
        source="operators",
        value=share("answered", "rung"),
        better="up",
    ),
    Kpi(
        name="occupancy",
        title="Occupancy",
        formula="(talk + hold + wrap-up) / (talk + hold + wrap-up + ringing + ready)",
        unit="share",
        source="states",
        value=occupancy,
        cited="GKM, Cleveland",
    ),
    Kpi(
        name="utilisation",
        title="Utilisation",
        formula="(talk + hold + wrap-up + pauses that count as work) / time logged in",
        unit="share",
        source="states",
        value=utilisation,
        cited="Cleveland",
        better="up",
    ),
    _seconds("logged_in", "Logged in", "all time but offline"),
    _seconds("ready", "Ready", "time in which a call could come"),
    _seconds("paused", "Paused", "all pauses"),
    _seconds("wrapping_up", "In wrap-up", "time in the state after calls"),
    Kpi(
        name="pause_adherence",
        title="Adherence to pauses",
        formula="pauses that ended within their limit / ended pauses that have a limit",
        unit="share",
        source="states",
        value=share("within_limit", "limited"),
        better="up",
    ),
    Kpi(
        name="fcr",
        title="First-contact resolution",
        formula="answered contacts of somebody who did not come again within the days / answered "
        "contacts of known people and numbers",
        unit="share",
        source="repeats",
        value=resolution,
        better="up",
    ),
    _count("repeated", "Repeat contacts", "contacts of who came within the days before", "repeats"),
    Kpi(
        name="repeat_rate",
        title="Repeat rate",
        formula="repeat contacts / contacts of known people and numbers",
        unit="share",
        source="repeats",
        value=share("repeated", "named"),
        better="down",
    ),
    _count("callbacks", "Call-backs asked for", "callers who asked to be called", "callbacks"),
    Kpi(
        name="callback_success",
        title="Call-back success",
        formula="call-backs in which we spoke / call-backs that are closed",
        unit="share",
        source="callbacks",
        value=share("callbacks_reached", "callbacks_closed"),
        better="up",
    ),
    _count("survey_answers", "Survey answers", "surveys that were answered", "surveys"),
    Kpi(
        name="survey_score",
        title="Survey score",
        formula="sum of scores / answers with a score",
        unit="score",
        source="surveys",
        value=share("scores", "scored"),
        better="up",
    ),
    _count("assessments", "Assessments", "final assessments of contacts", "quality"),
    Kpi(
        name="quality_score",
        title="Quality score",
        formula="sum of scores / final assessments with a score",
        unit="share",
        source="quality",
        value=quality_score,
        better="up",
    ),
)
KPIS: Final[Mapping[str, Kpi]] = {kpi.name: kpi for kpi in _ALL}
"""Name → figure, in the order in which they are shown."""
LISTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("abandon_wait", "abandonment"), "abandoned"),
    **dict.fromkeys(("service_level", "wait_longest"), "offered"),
    "asa": "answered",
    **dict.fromkeys(("aht", "traffic", "talk", "hold", "wrap_up"), "handled"),
    **dict.fromkeys(("talk_mean", "hold_mean", "wrap_up_mean", "ring_mean"), "handled"),
    "transfer_rate": "transferred",
    "reach_rate": "placed",
    "take_rate": "rung",
    "fcr": "resolved",
    "repeat_rate": "repeated",
    "callback_success": "closed",
    "survey_score": "survey_answers",
    "quality_score": "assessments",
}
"""Figure that is no count → the count whose contacts it leads to. Two are no figures themselves:
answered contacts that nobody came again after, and call-backs that are closed."""
