"""How facts look to people: numbers, money, times, and the words and icons of states.

Every state has a colour class, an icon and a word, always together (colour is never alone).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import phonenumbers
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from flask import Flask, current_app, request
from flask_babel import format_date as babel_date
from flask_babel import format_datetime, get_locale, get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from callcenter.customers.phone import format_for_people, prefix_for_people
from callcenter.rights.masked import Masked
from web.audit_words import AUDIT


@dataclass(frozen=True, slots=True)
class Look:
    """Colour class (see styles), icon of the sprite, and word."""

    tone: str
    icon: str
    word: Any


RESULTS: Mapping[str, Look] = {
    "answered": Look("ok", "phone-check", _l("Answered")),
    "missed": Look("bad", "phone-off", _l("Missed")),
    "abandoned": Look("bad", "phone-x", _l("Hung up while waiting")),
    "busy": Look("warn", "phone-x", _l("Busy")),
    "rejected": Look("warn", "phone-x", _l("Rejected")),
    "failed": Look("bad", "alert-triangle", _l("Failed")),
    "voicemail": Look("calm", "record-mail", _l("Voicemail")),
    "blocked": Look("dark", "ban", _l("Blocked")),
    "unknown": Look("calm", "help", _l("Unknown")),
}
LEG_RESULTS: Mapping[str, Look] = {
    **RESULTS,
    "cancelled": Look("calm", "phone-x", _l("Caller hung up")),
    "elsewhere": Look("calm", "phone", _l("Taken by someone else")),
}
DIRECTIONS: Mapping[str, Look] = {
    "inbound": Look("calm", "phone-incoming", _l("Incoming")),
    "outbound": Look("calm", "phone-outgoing", _l("Outgoing")),
    "internal": Look("calm", "phone", _l("Internal")),
    "unknown": Look("calm", "phone", _l("Unknown")),
}
STATES: Mapping[str, Look] = {
    "ready": Look("ready", "circle-check", _l("Ready")),
    "paused": Look("paused", "player-pause", _l("Pause")),
    "ringing": Look("ringing", "bell-ringing", _l("Ringing")),
    "talking": Look("talking", "phone-call", _l("Talking")),
    "hold": Look("hold", "phone-pause", _l("On hold")),
    "wrap_up": Look("wrap", "writing", _l("Wrap-up")),
    "offline": Look("offline", "circle-off", _l("Offline")),
}
PAUSE_REASONS: Mapping[str, Any] = {
    "break": _l("Break"),
    "lunch": _l("Lunch"),
    "meeting": _l("Meeting"),
    "training": _l("Training"),
    "paperwork": _l("Paperwork"),
}
ROLES: Mapping[str, Any] = {
    "operator": _l("Operator"),
    "supervisor": _l("Supervisor"),
    "admin": _l("Administrator"),
}
MATCHES: Mapping[str, Any] = {
    "one": _l("One customer has this number."),
    "several": _l("Several customers share this number, so nobody was chosen by itself."),
    "none": _l("No customer has this number."),
    "withheld": _l("The caller hides their number; hidden callers match nobody."),
    "internal": _l("A call between our own phones."),
    "chosen": _l("An operator said who it was."),
}
PBX_STATES: Mapping[str, Look] = {
    "up": Look("ok", "plug-connected", _l("Connected")),
    "connecting": Look("warn", "loader", _l("Connecting")),
    "refused": Look("bad", "lock", _l("Log-in refused")),
    "down": Look("bad", "plug-x", _l("Not reachable")),
}
PHONE_KINDS: Mapping[str, Any] = {
    "mobile": _l("Mobile"),
    "work": _l("Work"),
    "home": _l("Home"),
    "other": _l("Other"),
}
_CALM = Look("calm", "help", "")


def look(table: Mapping[str, Look], key: str) -> Look:
    return table.get(key) or Look(_CALM.tone, _CALM.icon, key)


def phone(e164: str | None) -> str:
    if isinstance(e164, Masked):
        return e164
    region = current_app.extensions["callcenter"].settings.default_region
    return format_for_people(e164 or "", region)


def called(display_name: str) -> str:
    """A customer's name. Whoever called first and told no name is called by their number."""
    return number_in_words(display_name)


def number_in_words(text: str) -> str:
    """In a sentence, where an extension, a channel or a name may stand instead of a number."""
    return phone(text) if re.fullmatch(r"\+[0-9]+", text) else text


def international(number: str) -> str:
    """A number, or how it begins, from its country on, with gaps."""
    return number if isinstance(number, Masked) else prefix_for_people(number)


def money(minor: int, currency: str) -> str:
    return str(format_currency(minor / 100, currency, "#,##0.00\u00a0¤", locale=get_locale()))


def duration(seconds: float | None) -> str:
    """4:31, or 1:02:03; a dash where nobody measured."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def moment(when: datetime | None, style: str = "relative") -> Markup | str:
    """A time in the user's zone. Relative ones are worked out in the browser, which also keeps
    the exact one in reach (title); without scripts the exact one stands there."""
    if when is None:
        return "–"
    full = format_datetime(when, "d MMM y, HH:mm:ss")
    shown = {
        "time": "HH:mm",
        "clock": "HH:mm:ss",
        "date": "d MMM y",
        "seconds": "d MMM, HH:mm:ss",
    }.get(style, "d MMM, HH:mm")
    relative = Markup(" data-relative") if style == "relative" else Markup("")
    return Markup('<time datetime="{}" title="{}" tabindex="0"{}>{}</time>').format(
        when.isoformat(), full, relative, format_datetime(when, shown)
    )


def day(when: date | datetime) -> str:
    """Today, yesterday, or the date: the headings of a timeline."""
    zone = get_timezone()
    now = current_app.extensions["callcenter"].clock.now().astimezone(zone).date()
    that = when.astimezone(zone).date() if isinstance(when, datetime) else when
    if that == now:
        return str(_("Today"))
    if (now - that).days == 1:
        return str(_("Yesterday"))
    return plain_date(that)


def short_day(when: datetime) -> str:
    """Day and month, for the axis of a chart."""
    return str(format_datetime(when, "d MMM"))


def number(value: int) -> str:
    return str(format_decimal(value, locale=get_locale()))


_SIZES = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


def file_size(count: int) -> str:
    """257 kB, 257 кБ; bytes as a word, because "0 B" is no size to people. A thousand of each make
    one of the next, also where rounding would show a thousand."""
    value, unit = float(count), 0
    while unit < len(_SIZES) - 1 and round(value, 1 if unit else 0) >= 1000:
        value, unit = value / 1000, unit + 1
    return format_unit(
        value,
        f"digital-{_SIZES[unit]}",
        length="short" if unit else "long",
        format="#,##0.#",
        locale=get_locale(),
    )


def plain_date(when: date | None) -> str:
    return str(babel_date(when, "d MMM y", rebase=False)) if when else "–"


def month(when: date) -> str:
    return str(babel_date(when, "LLL y", rebase=False))


def country_of(e164: str) -> tuple[str, str]:
    """(ISO code, name in the user's language) of a number's country, or empty."""
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return "", ""
    region = phonenumbers.region_code_for_number(parsed) or ""
    locale = get_locale()
    return region, str(locale.territories.get(region, region)) if locale else region


# What people of a country most likely speak, as far as we can greet in it; a guess to be corrected.
_LANGUAGE_OF = {"PL": "pl", "RU": "ru", "BY": "ru", "KZ": "ru", "UA": "uk", "DE": "de", "AT": "de"}


def language_guess(region: str) -> str:
    return _LANGUAGE_OF.get(region, "en" if region else "")


LANGUAGES: Mapping[str, str] = {
    "pl": "Polski",
    "ru": "Русский",
    "en": "English",
    "uk": "Українська",
    "de": "Deutsch",
}


def initials(name: str) -> str:
    words = name.split()
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


def server_time() -> float:
    """Milliseconds, for the browser's clock offset."""
    return float(current_app.extensions["callcenter"].clock.now().timestamp() * 1000)


def layout() -> str:
    """The whole frame for a page load, only the main area for an htmx visit inside the frame."""
    inside = request.headers.get("HX-Request") and not request.headers.get(
        "HX-History-Restore-Request"
    )
    return "layout/piece.html" if inside else "layout/frame.html"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        phone=phone,
        called=called,
        duration=duration,
        moment=moment,
        day=day,
        plain_date=plain_date,
        short_day=short_day,
        month=month,
        number=number,
        file_size=file_size,
        initials=initials,
    )
    app.jinja_env.globals.update(
        money=money,
        look=look,
        RESULTS=RESULTS,
        LEG_RESULTS=LEG_RESULTS,
        DIRECTIONS=DIRECTIONS,
        STATES=STATES,
        ROLES=ROLES,
        MATCHES=MATCHES,
        PBX_STATES=PBX_STATES,
        PHONE_KINDS=PHONE_KINDS,
        AUDIT=AUDIT,
        LANGUAGES=LANGUAGES,
    )
    app.jinja_env.globals["server_time"] = server_time
    app.context_processor(lambda: {"layout": layout()})
