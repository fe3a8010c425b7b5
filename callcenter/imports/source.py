"""Opens a file of whatever form: what it seems to be, and its records from the first one on.

All that is guessed comes from a bounded sample; reading holds one record at a time.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO, Final

from callcenter.imports import amounts, cards, dates, delimited, encoding, headers, workbook
from callcenter.imports.kinds import Kind
from callcenter.imports.plan import FileForm, Plan
from callcenter.imports.record import Record, Unreadable

_SAMPLED = 500
_DATES: Final = ("date", "moment")
_AMOUNTS: Final = ("money", "number")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def look(file: BinaryIO, size: int, kind: Kind) -> Plan:
    """What this file seems to be, and what its columns seem to mean."""
    if size == 0:
        raise Unreadable("this file is empty")
    plan = _form(file, size)
    return columns_of(file, plan, kind)


def _form(file: BinaryIO, size: int) -> Plan:
    head = file.read(4096)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return Plan(form="xlsx", sheet=(workbook.sheets(file) or ("",))[0])
    if head.startswith(_OLD_EXCEL):
        raise Unreadable("this is a workbook of an old Excel; save it as .xlsx or CSV")
    if head.startswith((b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff")):
        raise Unreadable("this is no table; send CSV, XLSX or vCard")
    pieces = encoding.sample_of(file, size)
    found = encoding.guess_encoding(pieces)
    text = pieces[0].decode(found, "replace")
    if text.lstrip("\ufeff \r\n\t").upper().startswith("BEGIN:VCARD"):
        return Plan(form="vcard", encoding=found)
    form = delimited.guess_form(text.lstrip("\ufeff"))
    return Plan(encoding=found, delimiter=form.delimiter, quote=form.quote)


def reform(file: BinaryIO, plan: Plan, form: FileForm) -> Plan:
    """With the delimiter that goes with an encoding chosen by hand."""
    if form != "csv":
        return plan
    text = file.read(256 * 1024).decode(plan.encoding, "replace")
    file.seek(0)
    found = delimited.guess_form(text.lstrip("\ufeff"))
    return replace(plan, delimiter=found.delimiter, quote=found.quote)


def columns_of(file: BinaryIO, plan: Plan, kind: Kind, *, named: bool | None = None) -> Plan:
    """Header, what its columns seem to mean, and the styles of dates and amounts. `named` says
    whether the first record is a header; None finds out."""
    begin = list(islice(all_records(file, plan), _SAMPLED))
    if not begin:
        raise Unreadable("this file has no rows")
    first = begin[0].cells
    if named is None or plan.form == "vcard":
        named = plan.form == "vcard" or headers.looks_like_header(first, kind)
    width = max(len(one.cells) for one in begin)
    header = tuple(first) if named else tuple(f"Column {place + 1}" for place in range(width))
    columns = headers.propose(header, kind) if named else {}
    with_names = replace(
        plan,
        has_header=named,
        header=tuple(title[:255] for title in header),
        columns=columns,
        match_by=_first_match(kind, columns),
    )
    return with_styles(with_names, kind, begin[1:] if named else begin)


def with_styles(plan: Plan, kind: Kind, sample: Sequence[Record]) -> Plan:
    """The styles that each column's values show together."""
    styles: dict[int, Any] = {}
    marks: dict[int, str] = {}
    open_questions: list[int] = []
    for place, name in plan.columns.items():
        target = kind.target(name)
        form = target.form if target is not None else ""
        cells = [one.cells[place] for one in sample if place < len(one.cells) and one.cells[place]]
        if form in _DATES:
            found = dates.guess_style(cells)
            styles[place] = found.style if found else "dmy"
            open_questions += [place] if found and found.ambiguous else []
        elif form in _AMOUNTS:
            mark = amounts.guess_mark(cells)
            marks[place] = mark.mark
            open_questions += [place] if mark.ambiguous else []
    return replace(plan, styles=styles, marks=marks, ambiguous=tuple(open_questions))


def sample(file: BinaryIO, plan: Plan) -> list[Record]:
    return list(islice(rows_of(file, plan), _SAMPLED))


def _first_match(kind: Kind, columns: dict[int, str]) -> tuple[str, ...]:
    """In what order rows look for their record, as far as the columns allow."""
    names = set(columns.values())
    can = {
        "external_id": "external_id" in names,
        "phone": any(name.startswith("phone") for name in names),
        "email": any(name.startswith("email") for name in names),
        "name": bool(names & {"display_name", "family_name", "name"}),
        "tax_id": "tax_id" in names,
    }
    return tuple(way for way in kind.matches if can.get(way, True))


def all_records(file: BinaryIO, plan: Plan) -> Iterator[Record]:
    """Every record from the beginning, the header with them. The file stays open."""
    file.seek(0)
    if plan.form == "xlsx":
        yield from workbook.records(file, plan.sheet)
        return
    text = _text(file, plan.encoding)
    try:
        if plan.form == "vcard":
            yield from cards.records(text)
        else:
            yield from delimited.records(text, delimited.Form(plan.delimiter, plan.quote))
    finally:
        with suppress(ValueError):  # whoever stops early has closed the file by then
            text.detach()


def _text(file: BinaryIO, name: str) -> io.TextIOWrapper:
    """Bytes that this encoding does not know become signs that no text has (`values.check`)."""
    errors = "replace" if name.startswith("utf-16") else "surrogateescape"
    return io.TextIOWrapper(file, encoding=name, errors=errors, newline="")


def rows_of(file: BinaryIO, plan: Plan, after: int = 0) -> Iterator[Record]:
    """The records under the header, numbered from 1; those up to `after` are passed over."""
    found = all_records(file, plan)
    if plan.has_header:
        next(found, None)
    for number, record in enumerate(found, start=1):
        if number > after:
            yield Record(number, record.line, record.cells, record.problem)
