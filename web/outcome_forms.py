"""What people type about outcomes and deals, read from the form.

Times are those of the wall: the user's zone makes moments of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError
from babel.numbers import get_territory_currencies
from werkzeug.datastructures import MultiDict

from callcenter.errors import Invalid
from callcenter.outcomes.choice import Choice
from callcenter.outcomes.outcome import REQUIREMENTS

_LOCAL = "%Y-%m-%dT%H:%M"
_MOST_AMOUNT = Decimal(10) ** 12


def choice_of(form: Mapping[str, str], zone: ZoneInfo, currency: str, note: str) -> Choice:
    """Raises Invalid for what cannot be read. `note` is what stands there already."""
    return Choice(
        outcome_id=number_in(form, "outcome_id"),
        note=form.get("note", note),
        callback_at=moment_in(form, "callback_at", zone),
        task=form.get("task", ""),
        task_due_at=moment_in(form, "task_due_at", zone),
        deal_id=number_in(form, "deal_id"),
        deal_currency=currency,
        deal_step=form.get("deal_step", ""),
        deal_step_on=day_in(form, "deal_step_on"),
    )


def number_in(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise Invalid(name, "is not accepted; it must be: a number")
    return int(text)


def moment_in(form: Mapping[str, str], name: str, zone: ZoneInfo) -> datetime | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(name, "is not accepted; it must be: a date and a time") from error


def day_in(form: Mapping[str, str], name: str) -> date | None:
    text = form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(name, "is not accepted; it must be: a date") from error


def minor_in(form: Mapping[str, str], name: str) -> int:
    """An amount as people write it, in minor units: 1 200,50 is 120050."""
    text = "".join(form.get(name, "").split()).replace(",", ".")
    try:
        amount = Decimal(text or "0")
    except InvalidOperation as error:
        raise Invalid(name, "is not accepted; it must be: an amount") from error
    if not amount.is_finite() or not 0 <= amount <= _MOST_AMOUNT:
        raise Invalid(name, "must be 0 or more")
    return int((amount * 100).to_integral_value())


def wall_time(moment: datetime | None, zone: ZoneInfo) -> str:
    """As a field for date and time shows it."""
    return moment.astimezone(zone).strftime(_LOCAL) if moment is not None else ""


def requirements_in(form: MultiDict[str, str]) -> tuple[str, ...]:
    return tuple(name for name in REQUIREMENTS if name in form.getlist("requires"))


def currency_of(region: str) -> str:
    """What people pay with in a country."""
    try:
        found = get_territory_currencies(region)
    except (UnknownLocaleError, KeyError):
        found = []
    return str(found[0]) if found else "EUR"
