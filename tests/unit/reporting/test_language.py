"""How files of reports speak: in the words that were kept with the order, else in English."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from callcenter.exports import workbook
from callcenter.queries.views import InteractionView
from callcenter.report_files import pdf
from callcenter.reporting import address, detail, drawing, tables
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.language import ENGLISH, Language
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import Answer, Row, Unknown

NOW = datetime(2026, 11, 22, 11, 10, tzinfo=UTC)
POLISH = Language(
    tag="pl",
    texts={
        "How fast did we answer?": "Jak szybko odbieraliśmy?",
        "Service level": "Poziom obsługi",
        "Queue": "Kolejka",
        "Wait": "Oczekiwanie",
        "Total": "Razem",
        "Nothing was counted in this time": "W tym czasie niczego nie policzono",
        "The first %(shown)d of %(all)d rows. A file has all of them.": "%(shown)d z %(all)d.",
    },
    codes={"queue ": "Bez kolejki", "channel call": "Rozmowa"},
    decimal=",",
)
ANSWER = Answer(
    rows=(Row(("",), {"service_level": 0.805}), Row(("q1",), {"service_level": 1.0})),
    totals={"service_level": 0.805},
)
NAMES = tables.Names(queues={"q1": "Sprzedaż"})


def contact(dialed: str) -> InteractionView:
    return InteractionView(
        **dict.fromkeys(("number", "number_raw", "number_kind"), ""),
        **dict.fromkeys(("customer", "operator", "answered_at", "ended_at", "wait_seconds")),
        **dict.fromkeys(("talk_seconds", "hold_seconds"), 0.0),
        id=1,
        channel="chat",
        call_id=None,
        direction="inbound",
        match="none",
        result="answered",
        dialed=dialed,
        queue="q1",
        started_at=NOW,
    )  # type: ignore[arg-type]


def placed(row: tuple[str, ...]) -> tuple[str, str]:
    return row[detail.HEADER.index("Number dialled")], row[detail.HEADER.index("Queue")]


def asked(query: str = "by=queue&queue=q1&channel=call") -> Asked:
    return address.read(REPORTS["speed"], address.parse(query), now=NOW, zone="Europe/Warsaw")


def test_a_page_speaks_the_language_of_who_asked() -> None:
    page = pdf.page(asked(), ANSWER, NAMES, ANSWER, POLISH)
    for words in (
        '<html lang="pl">',
        "<h1>Jak szybko odbieraliśmy?</h1>",
        "Kolejka: Sprzedaż",
        ": Rozmowa",
        "Poziom obsługi = ",
        ">Bez kolejki<",
        ">Razem<",
        "80,5 %",
    ):
        assert words in page, words
    for english in ("Queue", "Total", "80.5", "Service level"):
        assert english not in page, english
    assert "niczego nie policzono" in pdf.page(
        asked(), Answer(rows=(), totals={}), NAMES, None, POLISH
    )


def test_a_long_page_tells_that_it_is_cut() -> None:
    long = replace(ANSWER, rows=ANSWER.rows * pdf.MOST_ROWS)
    assert f"{pdf.MOST_ROWS} z {2 * pdf.MOST_ROWS}. (CSV, XLSX)" in pdf.page(
        asked(), long, NAMES, None, POLISH
    )


def test_sheets_have_translated_headings_and_numbers_that_programs_read() -> None:
    kpis = ("service_level",)
    assert tables.header(kpis, ("queue",), POLISH) == ("Kolejka", "Poziom obsługi, %")
    rows = list(tables.rows(ANSWER, kpis, ("queue",), NAMES, POLISH))
    assert rows == [("Bez kolejki", "80.5"), ("Sprzedaż", "100"), ("Razem", "80.5")]
    assert "Oczekiwanie, s" in detail.header(POLISH)


def test_seconds_are_told_in_the_language_of_the_heading() -> None:
    texts = {"Wait": "Ожидание", KPIS["asa"].title: "Скорость ответа", "%(what)s, s": "%(what)s, с"}
    russian = Language(tag="ru", texts=texts)
    assert "Ожидание, с" in detail.header(russian)
    assert tables.header(("asa",), (), russian) == ("Скорость ответа, с",)


def test_a_contact_names_its_queue_and_its_chat_window_as_people_know_them() -> None:
    names = replace(NAMES, chats={"k3y": "Shop window"})
    assert placed(detail.row_of(contact("k3y"), "UTC", POLISH, names)) == (
        "Chat: Shop window",
        "Sprzedaż",
    )
    assert placed(detail.row_of(contact(""), "UTC", POLISH)) == ("", "q1")


def test_a_csv_file_opens_by_a_click_in_a_spreadsheet_of_its_language() -> None:
    assert (POLISH.separator, ENGLISH.separator) == (";", ",")


def test_labels_along_the_time_are_whole_and_do_not_touch() -> None:
    days = [f"2026-09-{day:02}" for day in range(1, 31)] * 3
    chart = {"kind": "line", "unit": "number", "x": days, "series": [{"name": "a", "values": [1]}]}
    made = drawing.drawing(chart, lambda value, unit: f"{value}")
    along = [one for one in made.marks if one.text.startswith("2026")]
    assert len(along) >= 6
    assert all(len(one.text) == 10 for one in along)
    assert all(b.x - a.x >= 56 for a, b in pairwise(along))


def test_no_axes_are_drawn_around_nothing() -> None:
    nothing = replace(ANSWER, rows=(Row(("q1",), {"service_level": None}),))
    assert "<polyline" not in pdf.page(asked("by=day"), nothing, NAMES)
    assert "<rect" not in pdf.page(asked("by=queue"), nothing, NAMES)


def test_a_workbook_says_of_what_time_it_is_and_how_its_numbers_are_made(tmp_path: Path) -> None:
    lines = pdf.about(asked(), NAMES, POLISH)
    workbook.write(tmp_path / "a.xlsx", ("Kolejka",), [("a",)], about=lines)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
        assert "How each number is made" in book.read("xl/workbook.xml").decode()
    for words in ("2026-11-22 12:30, Europe/Warsaw", "Kolejka: Sprzedaż", "Poziom obsługi = "):
        assert words in sheet, words


def test_what_people_wrote_to_is_no_number_that_they_dialled() -> None:
    names = replace(NAMES, chats={"k3y": "Shop window"})
    assert tables.label("dialed", "k3y", names) == "Chat: Shop window"
    assert tables.label("dialed", "office@example.com", names) == "office@example.com"
    assert tables.label("dialed", "", names, POLISH) == "none"


def test_what_was_kept_without_words_speaks_english() -> None:
    assert Language.of(None) == Language.of({}) == ENGLISH
    assert Language.of(POLISH.stored()) == POLISH
    page = pdf.page(asked(), ANSWER, NAMES, ANSWER)
    assert "<h1>How fast did we answer?</h1>" in page
    assert "80.5 %" in page
    assert detail.header()[12:15] == ("Wait, s", "Talk, s", "Hold, s")


def test_in_a_workbook_figures_are_numbers_and_names_are_never_formulas(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    workbook.write(path, ("Queue", "Service level, %"), [("=1+1", "80.5"), ("none", "")], texts=1)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>80.5</v>" in sheet
    assert "<f>" not in sheet
    assert "<t>=1+1</t>" in sheet


def test_a_table_says_under_it_why_a_figure_has_no_number() -> None:
    unknown = {"service_level": Unknown(filters=("trunk", "result"), by=("outcome",))}
    told = Answer(rows=(), totals={"service_level": None, "asa": 5.0}, unknown=unknown)
    texts = {"Not for this filter: %(what)s": "Nie dla tego filtra: %(what)s", "Result": "Wynik"}
    polish = replace(POLISH, texts=POLISH.texts | texts)
    found = list(tables.rows(told, ("service_level", "asa"), ("outcome",), NAMES, polish))
    assert found == [
        ("Razem", "", "5"),
        ("Poziom obsługi: Nie dla tego filtra: Trunk, Wynik; Not split by: Outcome",),
    ]


def test_a_page_and_a_sheet_say_beside_the_formula_why_a_figure_has_no_number() -> None:
    unknown = {"service_level": Unknown(filters=("trunk",))}
    told = Answer(rows=(), totals={"service_level": None}, unknown=unknown)
    page = pdf.page(asked(), told, NAMES)
    why = "(GKM, Koole). Not for this filter: Trunk."
    assert why in page
    assert '<p class="main">–</p>' in page
    assert "Nothing was counted" not in page
    assert any(line.endswith(why) for line in pdf.about(asked(), NAMES, answer=told))
