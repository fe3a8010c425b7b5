"""Who takes part in the story of one customer, and where: the whole product on a real Asterisk,
with a mailbox, a webhook and three browsers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from ami.lab import LabPbx
from ami.lab.pbx import lab_plan
from ami.lab.phones import ANSWERS, DeskPhone
from ami.lab.ports import free_tcp_port
from callcenter.chats.widget import Widget
from callcenter.fields.definition import FieldDraft
from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.settings_channels import MailServerAddress
from callcenter.worker import WorkerService
from tests.e2e.desks import context_of, log_in
from tests.e2e.test_whole_desk import OUTCOME
from tests.integration.mail.test_mailbox import Received
from tests.support.dovecot import USER, Dovecot, dovecot
from tests.support.lab import require_lab
from tests.support.receiver import Receiver
from tests.support.require import require
from tests.support.waiting import wait_until
from tests.support.whole_product import WholeProduct, joined

SUPPORT, EXTENSION = "+48221000001", "1001"
Entry = tuple[str, str]


@dataclass
class Story:
    """Who takes part."""

    crm: WholeProduct
    inbox: Dovecot
    sent: Received
    told: Receiver
    worker: WorkerService
    operator: Page
    admin: Page
    visitor: Page
    folder: Path
    card: int = 0
    imported: int = 0
    events: list[str] = field(default_factory=list)

    def one(self, query: str) -> Any:
        (row,) = self.crm.mappings(query)
        (value,) = row.values()
        return value

    def open_card(self, page: Page, card: int) -> None:
        page.goto(f"{self.crm.web_url}/customers/{card}")

    def timeline_is(self, card: int, *wanted: Entry) -> None:
        """Newest first: of which kind each entry is, and what stands in it."""
        self.open_card(self.admin, card)
        rows = self.admin.locator("#timeline .timeline-item")
        expect(self.admin.locator("#timeline-rows")).to_be_visible()
        expect(rows).to_have_count(len(wanted))
        for place, (kind, words) in enumerate(wanted):
            expect(rows.nth(place)).to_have_attribute("data-kind", kind)
            expect(rows.nth(place)).to_contain_text(words)

    def contacts(self) -> list[tuple[str, str]]:
        rows = self.crm.mappings("SELECT channel, result FROM interactions ORDER BY id")
        return [(row["channel"], row["result"]) for row in rows]

    def are_told(self, *events: str) -> None:
        """Exactly these since the last time, whatever order they came in."""

        def fresh() -> list[str]:
            return [json.loads(body)["type"] for _, _, body in self.told.got][len(self.events) :]

        wait_until(lambda: len(fresh()) >= len(events), words=f"{events} told; it is {fresh()}")
        news = fresh()
        assert Counter(news) == Counter(events)
        self.events += news


@pytest.fixture
def inbox() -> Iterator[Dovecot]:
    require("dovecot")
    with dovecot() as running:
        yield running


@pytest.fixture
def story(
    sqlite_url: str, tmp_path: Path, front_end: None, chromium: Browser, inbox: Dovecot
) -> Iterator[Story]:
    require_lab()
    plan = lab_plan(("127.0.0.1", free_tcp_port()), record=True)
    data = tmp_path / "data"
    data.mkdir()
    sent, told, port = Received(), Receiver(), free_tcp_port()
    mail_out = Controller(sent, hostname="127.0.0.1", port=port)
    settings: dict[str, Any] = {
        "mailboxes": (inbox.address,),
        "mail_server": MailServerAddress(host="127.0.0.1", port=port),
        "mail_from": USER,
        "webhook_networks": (ip_network("127.0.0.0/8"),),
    }
    with ExitStack() as stack:
        mail_out.start()
        stack.callback(mail_out.stop)
        stack.callback(told.server_close)
        stack.callback(told.shutdown)
        pbx = stack.enter_context(LabPbx(tmp_path / "pbx", plan=plan))
        crm = stack.enter_context(joined(sqlite_url, pbx, data, **settings))
        furnish(crm)
        crm.serve_pages()
        worker = WorkerService(crm.runtime)
        worker.start()
        stack.callback(lambda: made.worker.stop(10))
        stack.enter_context(DeskPhone(pbx, EXTENSION, ANSWERS))

        def person(username: str) -> Page:
            context = stack.enter_context(context_of(chromium))
            return log_in(context, crm.web_url, username)

        visitor = stack.enter_context(context_of(chromium)).new_page()
        made = Story(
            crm=crm,
            inbox=inbox,
            sent=sent,
            told=told,
            worker=worker,
            operator=person(f"operator{EXTENSION}"),
            admin=person("boss"),
            visitor=visitor,
            folder=tmp_path,
        )
        yield made


def furnish(crm: WholeProduct) -> None:
    crm.add_operators([EXTENSION])
    crm.add_user("boss", "admin")
    with crm.runtime.unit_of_work() as uow:
        uow.outcomes.add(OutcomeDraft(label=OUTCOME, kind="good"))
        uow.fields.add(FieldDraft(label="Birthday", key="birthday", kind="date"))
        uow.chats.save_widget(Widget(key="shop", title="Shop help", queue="support"))
        uow.commit()
