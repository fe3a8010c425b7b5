"""Reports as pages: what each shows, what is refused in words, files and what one may see."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask_babel import force_locale

from callcenter import file_jobs
from callcenter.reporting.catalog import REPORTS
from callcenter.reports.definitions import KPIS
from tests.support.report_days import Wait, told, write
from tests.support.web import MARKUP, Browser, World
from web import report_words
from web.report_pages import change


def text(answer: object) -> str:
    return str(answer.get_data(as_text=True))  # type: ignore[attr-defined]


def test_every_figure_grouping_and_report_has_its_words() -> None:
    assert set(report_words.KPI_WORDS) == set(KPIS)
    for name, (title, formula) in report_words.KPI_WORDS.items():
        assert (str(title), str(formula)) == (KPIS[name].title, KPIS[name].formula)
    assert set(REPORTS) <= set(report_words.TITLES)


def test_a_report_without_any_contact_says_what_to_do(supervisor: Browser) -> None:
    for key, report in REPORTS.items():
        answer = supervisor.get(f"/reports/{key}")
        assert answer.status_code == 200
        assert "Nothing was counted in this time" in text(answer), key
        assert KPIS[report.main].title in text(answer)


REFUSED = {
    "from=2026-11-10&to=2026-11-01": "The end is before the beginning",
    "from=1990-01-01&to=2026-11-01": "ten years at most",
    "from=soon": "This is no date between",
    "by=shoe_size": "cannot be split like that",
    "sl=fast": "Write a whole number",
    "by=day&by=queue&by=trunk": "The first two are shown",
    "period=7d&period=year": "twice, in two ways",
    "channel=pigeon": "see what is marked above",
    "shoe=42&queue=sales": "shoe. It was left out",
    "from=2199-01-01&to=2199-12-31": "Nothing was counted in this time",
    "from=2016-12-01&to=2026-11-22&by=half_hour": "",
    f"queue={quote(MARKUP)}&did=%00": "",
    "from=2026-10-25&to=2026-10-25&by=hour": "",
    "zone=Mars/Olympus": "There is no such time zone",
    "zone=America/New_York": "In your own time zone",
    "segment=99999": "Segment 99999",
    "queue=gone": "Queue gone",
    "operator=anna": "Choose one of the list",
    "from=2024-01-01&to=2026-11-01&by=half_hour": "Choose a shorter period",
}


def test_what_cannot_be_shown_is_told_in_words(supervisor: Browser) -> None:
    for query, words in REFUSED.items():
        answer = supervisor.get(f"/reports/speed?{query}")
        assert answer.status_code == 200
        assert words in text(answer)
        assert MARKUP not in text(answer)


def test_an_operator_asks_about_themselves_alone(operator: Browser) -> None:
    assert operator.get("/reports/speed").status_code == 404
    assert operator.get("/reports/menus").status_code == 403
    assert operator.get("/reports/schedules").status_code == 403
    assert operator.post("/reports/operators/export", {"form": "table.csv"}).status_code == 403
    page = text(operator.get("/reports/operators?operator=2&operator=3"))
    assert "spent?" in page
    assert "Send by mail" not in page


def test_a_file_is_made_in_the_background_and_fetched(
    supervisor: Browser, operator: Browser, world: World
) -> None:
    for form in ("table.xlsx", "table.csv", "table.pdf", "contacts.csv"):
        asked = supervisor.post("/reports/speed/export", {"form": form, "address": "period=7d"})
        assert asked.headers["Location"].endswith("/reports/files")
        assert 'hx-trigger="every 2s"' in text(supervisor.get("/reports/files"))
        assert file_jobs.make_exports(world.runtime)
    assert "How fast did we answer?" in text(supervisor.get("/exports")), "what was exported"
    page = text(supervisor.get("/reports/files"))
    assert "every 2s" not in page
    links = re.findall(r'href="(/exports/\d+/file)"', page)
    begun = []
    for link in reversed(links):
        with supervisor.get(link) as fetched:
            begun.append(fetched.get_data()[:16])
    assert begun[0][:2] == b"PK"
    assert begun[1].startswith("\ufeffDay".encode())
    assert begun[2].startswith(b"%PDF-")
    assert begun[3].startswith("\ufeffContact".encode())
    assert operator.get(links[0]).status_code == 403
    supervisor.post("/reports/speed/export", {"form": "table.csv", "address": ""})
    (cancel,) = re.findall(
        r'action="(/exports/\d+/cancel)"', text(supervisor.get("/reports/files"))
    )
    assert operator.post(cancel, {}).status_code == 403
    assert supervisor.post(cancel, {}).headers["Location"].endswith("/reports/files")
    page = text(supervisor.get("/reports/files"))
    assert "Cancelled" in page
    assert "every 2s" not in page
    supervisor.post(cancel, {})
    assert "This file is over already." in text(supervisor.get("/reports/files"))


def test_a_file_of_more_rows_than_are_told_is_refused_where_it_was_asked_for(
    supervisor: Browser,
) -> None:
    years = "period=custom&from=2020-01-01&to=2025-12-31&queue=support"
    refused = supervisor.post("/reports/speed/export", {"form": "table.xlsx", "address": years})
    back = refused.headers["Location"]
    assert back.startswith("/reports/speed?")
    assert "from=2020-01-01&to=2025-12-31" in back
    assert "queue=support" in back
    above = text(supervisor.get(back)).partition("report-filters")[0]
    assert "at most 800 days are shown" in above
    assert "No file was made yet" in text(supervisor.get("/reports/files"))
    by_year = {"form": "table.xlsx", "address": f"{years}&by=year"}
    assert supervisor.post("/reports/speed/export", by_year).location == "/reports/files"
    contacts = {"form": "contacts.csv", "address": years}
    assert supervisor.post("/reports/speed/export", contacts).location == "/reports/files"


def test_a_view_without_a_name_is_refused_with_its_filters_kept(supervisor: Browser) -> None:
    nameless = {"title": " ", "address": "period=today&queue=support"}
    refused = supervisor.post("/reports/speed/views", nameless)
    assert refused.location == "/reports/speed?period=today&queue=support"


def test_a_view_is_saved_opened_and_deleted(supervisor: Browser) -> None:
    kept = {"title": f"Mine {MARKUP}", "address": "period=today&queue=support", "shared": "yes"}
    answer = supervisor.post("/reports/speed/views", kept)
    assert answer.headers["Location"].endswith("/reports/speed?period=today&queue=support")
    page = text(supervisor.get("/reports"))
    assert "/reports/speed?period=today&amp;queue=support" in page
    assert MARKUP not in page
    (drop,) = re.findall(r'action="(/reports/views/\d+/delete)"', page)
    assert supervisor.post(drop, {}).status_code == 302
    assert "Mine" not in text(supervisor.get("/reports"))
    assert supervisor.post(drop, {}).status_code == 404


def test_nobody_is_offered_a_view_of_a_report_they_may_not_open(
    supervisor: Browser, operator: Browser
) -> None:
    for key in ("speed", "handling"):
        supervisor.post(
            f"/reports/{key}/views", {"title": key, "address": "period=today", "shared": "yes"}
        )
    page = text(operator.get("/reports"))
    assert "/reports/handling?period=today" in page
    assert "/reports/speed" not in page


def test_a_schedule_is_kept_and_what_is_wrong_stands_beside_its_field(supervisor: Browser) -> None:
    good = {
        "title": "Daily", "report": "speed", "format": "pdf", "every": "day", "at": "07:00",
        "zone": "Europe/Warsaw", "recipients": "a@example.com; b@example.com", "active": "yes",
    }  # fmt: skip
    wrong = supervisor.post("/reports/schedules", {**good, "recipients": "somebody"})
    assert wrong.status_code == 422
    assert "This is not a mail address: somebody" in text(wrong)
    place = supervisor.post("/reports/schedules", good).headers["Location"]
    page = text(supervisor.get(place))
    assert "No mail server is set up" in page
    assert supervisor.post(f"{place}/send", {}).status_code == 302
    assert text(supervisor.get(place)).count("Waiting") >= 2
    assert supervisor.post(f"{place}/delete", {}).status_code == 302
    assert supervisor.get(place).status_code == 404


def test_numbers_lead_to_a_list_and_an_unknown_number_to_nothing(supervisor: Browser) -> None:
    assert supervisor.get("/reports/speed/contacts?figure=answered").status_code == 200
    assert supervisor.get("/reports/speed/contacts?figure=password").status_code == 404
    assert supervisor.get("/reports/horoscope").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "traffic/contacts?figure=offered&by=weekday&row=12",
        "traffic/contacts?figure=offered&by=weekday&row=999999999999999999",
        "traffic/contacts?figure=offered&by=time_of_day&row=999999999999999999:00",
        "traffic/contacts?figure=offered&by=time_of_day&row=09:10",
        "operators/contacts?figure=ready&by=day&row=x",
        "operators/contacts?figure=ready&by=week&row=2026-W99",
        "operators/contacts?figure=ready&by=month&row=2026-13",
        "operators/contacts?figure=ready&by=half_hour&row=x",
    ],
)
def test_a_row_that_there_is_none_of_is_told_in_words(supervisor: Browser, address: str) -> None:
    answer = supervisor.get(f"/reports/{address}")
    assert answer.status_code == 200
    assert "The report has no such number. Open the report again." in text(answer)


def test_a_dash_says_which_filter_a_figure_knows_nothing_of(
    supervisor: Browser, world: World, app: Flask
) -> None:
    at = world.runtime.clock.now() - timedelta(hours=1)
    write(world.runtime, [told(902, at, Wait("support", 5, talk=10))])  # type: ignore[arg-type]
    why = "Not for this filter: Queue, Trunk"
    page = text(supervisor.get("/reports/operators?period=7d&queue=support&trunk=main"))
    assert "Nothing was counted" not in page
    assert f'title="{why}">–' in page
    assert f"pauses that count as work) / time logged in (Cleveland). {why}." in page
    assert f'title="{why}">–' in text(supervisor.get("/reports?queue=support&trunk=main"))
    split = text(supervisor.get("/reports/first_time?period=7d&by=operator&by=dialed"))
    assert 'title="Not split by: Number dialled">–' in split
    plain = text(supervisor.get("/reports/operators?period=7d"))
    assert "Not for this filter" not in plain
    order = {"form": "table.csv", "address": "period=7d&trunk=main"}
    supervisor.post("/reports/operators/export", order)
    assert file_jobs.make_exports(world.runtime)
    links = re.findall(r'href="(/exports/\d+/file)"', text(supervisor.get("/reports/files")))
    with supervisor.get(links[0]) as fetched:
        assert ": Not for this filter: Trunk" in text(fetched)


def test_a_list_behind_a_share_says_which_contacts_it_has(supervisor: Browser) -> None:
    named = {
        "first_time": {"fcr": "Resolved the first time", "repeat_rate": "Repeat contacts"},
        "callbacks": {"callback_success": "Closed call-backs"},
        "speed": {"service_level": "Offered", "asa": "Answered"},
    }
    for report, figures in named.items():
        for figure, words in figures.items():
            page = text(supervisor.get(f"/reports/{report}/contacts?figure={figure}"))
            assert f"Listed here: {words}" in page
    assert "Listed here" not in text(supervisor.get("/reports/speed/contacts?figure=answered"))


def test_voice_menus_have_a_page_that_is_bounded(supervisor: Browser) -> None:
    assert supervisor.get("/reports/menus").status_code == 200
    long = supervisor.get("/reports/menus?from=2020-01-01&to=2026-01-01")
    assert long.status_code == 200
    assert "three months" in text(long)


def test_every_number_of_voice_menus_is_named_where_a_phone_has_no_heads_of_columns(
    supervisor: Browser, world: World
) -> None:
    at = world.runtime.clock.now() - timedelta(hours=1)
    chose = replace(told(901, at, Wait("support", 5, talk=10)), menu=("1", "2"))
    write(world.runtime, [chose])  # type: ignore[arg-type]  # what a store has of it
    page = text(supervisor.get("/reports/menus?period=7d"))
    assert page.count('<table class="list cards">') == 2
    for row in re.findall(r"<tr>(<td>.*?)</tr>", page):
        assert [*re.findall(r"<td(?! data-label| class=\"end\" data-label)", row)] == ["<td"]
    for words in ("Of all who chose", "Pressed next", "Hung up there"):
        assert f'data-label="{words}"' in page


def test_a_change_is_written_as_in_the_readers_language(app: Flask) -> None:
    told = {}
    for language in ("en", "ru", "pl"):
        with app.test_request_context(), force_locale(language):
            found = change("contacts", 1234.0, 1000.0), change("contacts", 750.0, 1000.0)
            told[language] = [one.text for one in found if one is not None]
    assert told["en"] == ["+23.4\u00a0%", "−25.0\u00a0%"]
    assert told["ru"] == told["pl"] == ["+23,4\u00a0%", "−25,0\u00a0%"]
