"""What is wrong with a row of a file, in the reader's language. The room tells it in English."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from callcenter.errors import Invalid
from callcenter.imports.kinds import Target
from web.service_words import words_of

TITLES: dict[str, Any] = {
    "External ID": _l("External ID"),
    "Full name": _l("Full name"),
    "First name": _l("First name"),
    "Last name": _l("Last name"),
    "Organization": _l("Organisation"),
    "Position": _l("Position"),
    "Phones": _l("Phones"),
    "Mobile phone": _l("Mobile phone"),
    "Work phone": _l("Work phone"),
    "Home phone": _l("Home phone"),
    "E-mails": _l("E-mails"),
    "Work e-mail": _l("Work e-mail"),
    "Home e-mail": _l("Home e-mail"),
    "Telegram": "Telegram",
    "WhatsApp": "WhatsApp",
    "Viber": "Viber",
    "Messenger": _l("Messenger"),
    "Website": _l("Website"),
    "City": _l("City"),
    "Street": _l("Street"),
    "Postal code": _l("Postal code"),
    "Address city": _l("Address city"),
    "Region": _l("Region"),
    "Country": _l("Country"),
    "Language": _l("Language"),
    "Time zone": _l("Time zone"),
    "Status": _l("Status"),
    "Segment": _l("Segment"),
    "VIP level": _l("VIP level"),
    "Blocked": _l("Blocked"),
    "Block reason": _l("Block reason"),
    "Owner": _l("Owner"),
    "Confirmed": _l("Confirmed"),
    "Tags": _l("Tags"),
    "Do not call": _l("Do not call"),
    "No e-mails": _l("No e-mails"),
    "Remarks": _l("Remarks"),
    "Name": _lp("thing", "Name"),
    "Tax ID": _l("Tax ID"),
    "Notes": _l("Notes"),
    "Customer external ID": _l("Customer external ID"),
    "Customer phone": _l("Customer phone"),
    "Customer e-mail": _l("Customer e-mail"),
    "Customer name": _l("Customer name"),
    "Amount": _l("Amount"),
    "Currency": _l("Currency"),
    "Number": _l("Number"),
    "Issued": _lp("invoice", "Issued"),
    "Due": _l("Due"),
    "Paid": _lp("invoice", "Paid"),
    "Invoice": _l("Invoice"),
    "Method": _lp("payment", "Method"),
    "Title": _l("Title"),
    "Placed": _lp("order", "Placed"),
    "When": _l("When"),
    "Place": _lp("visit", "Place"),
    "Note": _l("Note"),
}
"""What a field is called on screens, by what it is called in files, which is in English always."""

KINDS: dict[str, Any] = {
    "customers": _l("Customers"),
    "organizations": _l("Organisations"),
    "invoices": _l("Invoices"),
    "payments": _l("Payments"),
    "orders": _l("Orders"),
    "visits": _l("Visits"),
}
STATES: dict[str, tuple[str, str, Any]] = {
    # tone, icon, word
    "draft": ("calm", "pencil", _l("Being prepared")),
    "queued": ("ringing", "hourglass", _l("Waiting")),
    "running": ("talking", "loader-2", _l("Running")),
    "paused": ("paused", "player-pause", _l("Paused")),
    "done": ("ok", "check", _l("Done")),
    "failed": ("bad", "alert-triangle", _l("Failed")),
    "undone": ("calm", "arrow-back-up", _l("Taken back")),
}
OUTCOMES: dict[str, tuple[str, str, Any]] = {
    "created": ("ok", "plus", _l("New")),
    "updated": ("talking", "pencil", _l("Changes")),
    "unchanged": ("calm", "equal", _l("Stays")),
    "failed": ("bad", "alert-triangle", _l("Error")),
}
MATCHES: dict[str, Any] = {
    "external_id": _l("External ID"),
    "phone": _l("Phone number"),
    "email": _l("E-mail"),
    "name": _l("Name and organisation"),
    "tax_id": _l("Tax ID"),
    "number": _l("Number"),
    "moment": _l("Customer and time"),
}
RULES: dict[str, Any] = {
    "update": _l("Update it with what the file says"),
    "fill": _l("Fill only what is empty"),
    "skip": _l("Leave it as it is"),
}
DATE_STYLES: dict[str, Any] = {
    "dmy": _l("Day first (31.12.2026)"),
    "mdy": _l("Month first (12/31/2026)"),
    "ymd": _l("Year first (2026-12-31)"),
}
MARKS = {",": "1 234,50", ".": "1,234.50"}
FORMATS = {"csv": "CSV", "xlsx": "Excel (XLSX)", "vcf": "vCard"}
DELIMITERS: dict[str, Any] = {
    ",": _l("Comma ,"),
    ";": _l("Semicolon ;"),
    "\t": _l("Tab"),
    "|": _l("Bar |"),
}
ENCODINGS: dict[str, str] = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1250": "Windows-1250",
    "iso-8859-2": "ISO 8859-2",
    "cp1251": "Windows-1251",
    "koi8-r": "KOI8-R",
    "cp866": "CP866",
    "cp1252": "Windows-1252",
}
_KNOWN: tuple[tuple[str, Any], ...] = (
    (r"has a NUL character in it", _l("There is a NUL character in it.")),
    (r"is not readable as (?P<name>.+)", _l("This is not readable as %(name)s.")),
    (r"is neither yes nor no", _l("This is neither yes nor no.")),
    (r"is not a whole number", _l("This is not a whole number.")),
    (r"is not a number", _l("This is not a number.")),
    (r"is not an amount of money", _l("This is not an amount of money.")),
    (r"names a currency we do not know: (?P<name>.+)", _l("%(name)s is no currency we know.")),
    (r"is not a date( and time| with the year first)?", _l("This is not a date we can read.")),
    (r"is not a day of the calendar", _l("There is no such day.")),
    (
        r"a spreadsheet has rounded this number.*",
        _l("A spreadsheet has rounded this number. Format the column as text and save again."),
    ),
    (r"names nobody who works here: (?P<name>.+)", _l("%(name)s is nobody who works here.")),
    (r"names no country we know.*", _l("This is no country we know. Write two letters: PL.")),
    (r"must be a time zone such as.*", _l("This is not a time zone. Write one: Europe/Warsaw.")),
    (r"has more cells than the header has columns", _l("More cells than the header has columns.")),
    (r"has more than (?P<most>\d+) cells", _l("More than %(most)s cells.")),
    (
        r"has a cell of more than (?P<most>\d+) characters",
        _l("A cell has more than %(most)s characters."),
    ),
    (r"a quote is opened here and never closed", _l("A quote is opened here and never closed.")),
    (
        r"a quote stands inside a quoted cell; it must be doubled",
        _l("A quote stands inside a quoted cell: it must be doubled."),
    ),
    (r"this card has no end", _l("This card has no end.")),
    (r"this card cannot be read", _l("This card cannot be read.")),
    (r"has nothing in: (?P<columns>.+)", _l("At least one of these is needed: %(names)s.")),
    (r"could be any of (?P<num>\d+)(: (?P<names>.+)| customers)", _l("It fits several records.")),
    (r"is about nobody we know", _l("It is about nobody we know.")),
    (r"is about a record that you may not change", _l("You may not change this record.")),
    (
        r"this person was erased for good; .*",
        _l("This person was erased for good. They come back only if somebody adds them by hand."),
    ),
    (r"this file is empty", _l("This file is empty.")),
    (r"this file has no rows", _l("This file has no rows.")),
    (
        r"this file is larger than the (?P<most>\d+) MB it may have",
        _l("This file is larger than the %(most)s MB it may have. Split it, or ask for more."),
    ),
    (
        r"this is a workbook of an old Excel.*",
        _l("This is a workbook of an old Excel. Save it as .xlsx or CSV."),
    ),
    (r"this is no table; .*", _l("This is no table. Send CSV, XLSX or vCard.")),
    (
        r"this workbook unpacks to far more than it may.*",
        _l("This workbook unpacks to far more than it may. Save it as CSV."),
    ),
    (r"this is not an Excel workbook.*", _l("This is no Excel workbook that can be read.")),
    (r"this workbook is damaged.*", _l("This workbook is damaged: a part cannot be read.")),
    (
        r"say which column is one of these: (?P<columns>.+)",
        _l("Say which column is one of these: %(names)s."),
    ),
    (r"two columns cannot both be: (?P<column>.+)", _l("Two columns cannot both be: %(name)s.")),
    (r"this import has begun.*", _l("This import has begun already.")),
    (r"there is nothing to take back", _l("There is nothing to take back.")),
    (r"there is no file of this any more", _l("The file is not kept any more. Send it again.")),
    (
        r"the disk is full; .*",
        _l("The disk is full. Make room on it and ask for this file again."),
    ),
    (
        r"making this file stopped the program .*",
        _l("Making this file stopped the program three times. Ask for less, or tell us."),
    ),
    (r"this file is over already", _l("This file is over already.")),
    (
        r"something went wrong on our side.*",
        _l("Something went wrong on our side; it is in the log. Let it go on, or tell us."),
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), text) for pattern, text in _KNOWN)


def column_words(target: Target) -> str:
    """What a field is called on this reader's screen; one of the company's own as it named it."""
    return target.own_title(str(get_locale())) if target.is_own else _titled(target.title)


def _titled(title: str) -> str:
    return str(TITLES.get(title, title))


def import_words(said: str) -> str:
    for pattern, text in _PATTERNS:
        if found := pattern.fullmatch(said):
            values = {name: value for name, value in found.groupdict().items() if value}
            if columns := values.pop("columns", ""):
                values["names"] = ", ".join(_titled(one) for one in columns.split(", "))
            if column := values.pop("column", ""):
                values["name"] = _titled(column)
            return str(text) % values if values else str(text)
    return words_of(Invalid("", said))


def all_words(problems: Any) -> str:
    """The problems of one row in one line, each with the column it is in."""
    return "; ".join(
        f"{column}: {import_words(said)}" if column else import_words(said)
        for column, said in problems
    )
