"""What a file is written in, and its records, however broken some of them are."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from xlsxwriter import Workbook

from callcenter.customers.phone import NumberPlan
from callcenter.imports import amounts, dates, source, workbook
from callcenter.imports.kinds import KINDS
from callcenter.imports.record import Unreadable
from callcenter.imports.rows import Knowledge, RowReader

KIND = KINDS["customers"]
POLISH = "First Name;Last Name;City\nŻaneta;Wójcik;Łódź\nŚwiętosława;Źrebiec;Poznań\n"
RUSSIAN = "Имя;Фамилия;Контрагент\nИван;Петров;Accounts::::Ромашка\n"


def look(data: bytes) -> source.Plan:
    return source.look(io.BytesIO(data), len(data), KIND)


def rows(data: bytes, kind: str = "customers") -> list[tuple[dict[str, object], tuple[str, ...]]]:
    file = io.BytesIO(data)
    plan = source.look(file, len(data), KINDS[kind])
    reader = RowReader(KINDS[kind], plan, Knowledge(numbers=NumberPlan()))
    read = [reader.read(record) for record in source.rows_of(file, plan)]
    return [(one.values, tuple(said for _column, said in one.problems)) for one in read]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (POLISH, "utf-8"),
        (POLISH, "utf-8-sig"),
        (POLISH, "cp1250"),
        (POLISH, "iso-8859-2"),
        (POLISH, "utf-16"),
        (POLISH, "utf-16-le"),
        (POLISH, "utf-16-be"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "utf-8"),
    ],
)
def test_encoding_and_columns_are_found(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    plan = look(data)
    assert data.decode(plan.encoding).lstrip("\ufeff") == text
    assert plan.delimiter == ";"
    assert list(plan.columns.values())[:2] == ["given_name", "family_name"]


def test_references_of_vtigercrm_are_names() -> None:
    assert rows(RUSSIAN.encode())[0][0]["organization"] == "Ромашка"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark: str) -> None:
    text = f'Name{mark}Phone\n"a{mark}b"{mark}601000001\nc{mark}601000002\n'
    assert look(text.encode()).delimiter == mark


def test_a_quote_never_closed_costs_its_row_alone() -> None:
    text = 'Name,Phone\nA,601000001\n"B,601000002\nC,601000003\nD "x",601000004\n"E" x,601000005\n'
    read = rows(text.encode())
    assert [values.get("display_name", "") for values, _ in read] == ["A", "", "C", 'D "x"', ""]
    assert "quote" in read[1][1][0]
    assert "quote" in read[4][1][0]


def test_nul_and_bytes_of_another_encoding_are_told() -> None:
    good = "".join(f"Łucja {n},{601000000 + n}\n" for n in range(90))
    data = f"Name,Phone\n{good}".encode() + b"\xb3\xf3d\xbc,601000051\nA\0b,601000052\n"
    told = [problems for _values, problems in rows(data) if problems]
    assert told == [("is not readable as UTF-8",), ("has a NUL character in it",)]


def test_a_name_of_ten_thousand_letters_is_told() -> None:
    assert rows(f"Name,City\n{'x' * 10_000},a\n".encode())[0][1] == (
        "must have at most 160 characters",
    )


def test_marks_that_nobody_sees_are_left_out() -> None:
    read = rows("Name,City\nJan\u200b \u202eKowalski\u202c,a\n".encode())
    assert read[0][0]["display_name"] == "Jan Kowalski"


def test_a_number_that_a_spreadsheet_rounded_is_told() -> None:
    assert "rounded" in rows(b"Name,Phone\nA,4.86E+10\n")[0][1][0]


def test_dates_are_read_in_the_style_of_their_column() -> None:
    assert dates.guess_style(["31.12.2026", "01.02.2026"]) == dates.Found("dmy")
    assert dates.guess_style(["12/31/2026", "01/02/2026"]) == dates.Found("mdy")
    assert dates.guess_style(["2026-12-31", "0000-00-00"]) == dates.Found("ymd")
    assert dates.guess_style(["01/02/2026", "03/04/2026"]) == dates.Found("dmy", ambiguous=True)
    assert dates.guess_style(["Jan", "Anna"]) is None
    assert dates.parse_day("1/2/26", "mdy") == date(2026, 1, 2)
    with pytest.raises(ValueError, match="not a day"):
        dates.parse_day("31.02.2026", "dmy")


def test_amounts_are_read_with_the_mark_of_their_column() -> None:
    assert amounts.guess_mark(["1 234,50 zł", "12,00"]) == amounts.Found(",")
    assert amounts.guess_mark(["1,234.50"]) == amounts.Found(".")
    assert amounts.guess_mark(["1,234"]).ambiguous
    assert amounts.parse_amount("1 234,50 zł", ",") == (Decimal("1234.50"), "PLN")
    assert amounts.parse_amount("(1,234.50)", ".") == (Decimal("-1234.50"), "")
    with pytest.raises(ValueError, match="not an amount"):
        amounts.parse_amount("soon", ".")


def test_workbooks_are_read_with_numbers_and_days(tmp_path: object) -> None:
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Phone", "City"])
        sheet.write_row(1, 0, ["Anna", 601000001, ""])
    assert rows(made.getvalue())[0][0]["display_name"] == "Anna"


def test_a_workbook_that_unpacks_to_far_too_much_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"\0" * 70 * 1024**2)
    with pytest.raises(Unreadable, match="unpacks"):
        look(bomb.getvalue())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0 old"])
def test_what_is_no_table_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(Unreadable):
        look(data)


def test_cards_are_people_with_their_numbers() -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jan Bąk\r\nTEL;TYPE=CELL:601 000 001\r\n"
        "TEL;TYPE=WORK,PREF:22 123 45 67\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nFN:No end\r\n"
    )
    (first, _), (_, problems) = rows(card.encode())
    assert [one.value for one in first["phones"]] == ["+48221234567", "+48601000001"]  # type: ignore[attr-defined]
    assert problems == ("this card has no end",)


def test_a_row_that_says_it_is_far_below_is_not_walked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string("A1", "a")
        sheet.write_string("A5000", "b")
    assert [one.line for one in workbook.records(file)] == [1, 5000]
    monkeypatch.setattr(workbook, "MOST_LINES", 1_000)
    with pytest.raises(Unreadable):
        list(workbook.records(file))
