"""How files of reports speak: in the words that were kept with the order, else in English."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from callcenter.report_files import pdf
from callcenter.reporting import address, detail, tables
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.language import ENGLISH, Language
from callcenter.reports.question import Answer, Row

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
    assert "2000 z 4000. (CSV, XLSX)" in pdf.page(asked(), long, NAMES, None, POLISH)


def test_sheets_have_translated_headings_and_numbers_that_programs_read() -> None:
    kpis = ("service_level",)
    assert tables.header(kpis, ("queue",), POLISH) == ("Kolejka", "Poziom obsługi, %")
    rows = list(tables.rows(ANSWER, kpis, ("queue",), NAMES, POLISH))
    assert rows == [("Bez kolejki", "80.5"), ("Sprzedaż", "100"), ("Razem", "80.5")]
    assert "Oczekiwanie, s" in detail.header(POLISH)


def test_what_was_kept_without_words_speaks_english() -> None:
    assert Language.of(None) == Language.of({}) == ENGLISH
    assert Language.of(POLISH.stored()) == POLISH
    page = pdf.page(asked(), ANSWER, NAMES, ANSWER)
    assert "<h1>How fast did we answer?</h1>" in page
    assert "80.5 %" in page
    assert detail.header()[12:15] == ("Wait, s", "Talk, s", "Hold, s")
