"""Files and mails of reports speak the language of whoever asked for them."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from flask import Flask

from callcenter import file_jobs, report_mails
from callcenter.channels.mail import OutboundMail
from callcenter.report_files import pdf
from callcenter.reporting.catalog import REPORTS
from callcenter.services import accounts, staffing
from callcenter.services import report_schedules as services
from callcenter.services.report_schedules import ScheduleDesk
from tests.support.web import ONE, Browser, World
from web import report_language
from web.catalogs import TRANSLATED, read_catalog


@pytest.fixture
def polish(app: Flask, world: World) -> Browser:
    accounts.set_preferences(
        world.users["supervisor"],
        locale="pl",
        time_zone="Europe/Warsaw",
        unit_of_work=world.runtime.unit_of_work,
        clock=world.runtime.clock,
    )
    browser = Browser(app)
    assert browser.log_in("supervisor").status_code == 302
    return browser


def made(browser: Browser, world: World, form: str, address: str = "period=7d&by=queue") -> bytes:
    """The file that comes of pressing Export."""
    browser.post("/reports/speed/export", {"form": form, "address": address})
    assert file_jobs.make_exports(world.runtime)
    with world.runtime.reader() as connection:
        number = connection.exec_driver_sql("SELECT max(id) FROM exports").scalar()
    with browser.get(f"/exports/{number}/file") as fetched:
        return bytes(fetched.get_data())


def test_every_word_of_a_file_is_in_the_catalogues() -> None:
    for locale in TRANSLATED:
        known = {message.id for message in read_catalog(locale) if message.string}
        for report in REPORTS.values():
            missing = [one for one in report_language.texts_of(report) if one not in known]
            assert missing == [], (locale, report.key)


def test_sheets_are_in_the_language_of_who_asked(polish: Browser, world: World) -> None:
    told = made(polish, world, "table.csv").decode("utf-8-sig")
    assert told.startswith("Kolejka")
    assert "Poziom obsługi, %" in told
    assert "\nRazem;" in told.replace("\r", "")
    told = made(polish, world, "contacts.csv").decode("utf-8-sig")
    assert told.startswith("Kontakt")
    assert "Oczekiwanie, s" in told
    with zipfile.ZipFile(BytesIO(made(polish, world, "table.xlsx"))) as book:
        cells = b"".join(book.read(name) for name in book.namelist()).decode("utf-8", "ignore")
    assert "Kolejka" in cells
    assert "Razem" in cells


def test_contacts_name_the_queue_as_people_know_it(polish: Browser, world: World) -> None:
    staffing.save_queue(
        "support",
        {"title": "Pomoc"},
        user_id=world.users["admin"],
        unit_of_work=world.runtime.unit_of_work,
        publisher=world.runtime.bus,
        clock=world.runtime.clock,
    )
    world.ring(ONE)
    world.answer()
    world.hang_up()
    told = made(polish, world, "contacts.csv", "period=today").decode("utf-8-sig")
    assert ";Pomoc;" in told
    assert ";support;" not in told


def test_a_page_is_in_the_language_of_who_asked(
    polish: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []
    page = pdf.page
    monkeypatch.setattr(pdf, "page", lambda *all_: pages.append(page(*all_)) or pages[-1])
    assert made(polish, world, "table.pdf").startswith(b"%PDF-")
    assert '<html lang="pl">' in pages[0]
    assert "Poziom obsługi = " in pages[0]
    assert "Service level" not in pages[0]


class Server:
    def __init__(self) -> None:
        self.taken: list[OutboundMail] = []

    def send(self, mail: OutboundMail) -> None:
        self.taken.append(mail)


def test_a_mail_and_its_file_are_in_the_language_of_who_saved_its_schedule(
    polish: Browser, world: World
) -> None:
    title = str(read_catalog("pl")["How fast did we answer?"].string)
    assert title in polish.text("/reports/schedules/new?report=speed")
    form = {
        "title": title, "report": "speed", "format": "csv", "every": "day", "at": "07:00",
        "zone": "Europe/Warsaw", "recipients": "a@example.com", "active": "yes",
    }  # fmt: skip
    place = polish.post("/reports/schedules", form).headers["Location"]
    assert polish.post(f"{place}/send", {}).status_code == 302
    server = Server()
    desk = report_mails.desk_of(world.runtime)
    assert services.send_next(
        ScheduleDesk(
            unit_of_work=desk.unit_of_work,
            clock=desk.clock,
            sender=server,
            mail_from="reports@example.com",
            make=desk.make,
        )
    )
    (mail,) = server.taken
    assert mail.subject.startswith(f"{title}: ")
    assert mail.text.startswith(f"{title}\n")
    assert mail.sender_name == "Raporty"
    assert "\nPlik: speed-" in mail.text
    assert mail.files[0].content.decode("utf-8-sig").startswith("Dzień")
