"""One customer from the first call to the last trace, nothing replaced: a real Asterisk, a real
mailbox, browsers of an operator, an administrator and a visitor, and somebody who is told by
webhook. After each step her timeline says exactly what happened so far."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from ami.lab.phones import Call, call_in
from ami.ledger.whole_file import read_whole_file
from callcenter.services import duplicates, webhooks
from callcenter.webhooks.events import EVENTS
from callcenter.worker import WorkerService
from tests.e2e import soft_phone as phone
from tests.e2e.customer_story import SUPPORT, Entry, Story, inbox, story
from tests.e2e.desks import PATIENCE
from tests.e2e.test_whole_desk import wrap_up_by_keyboard, write
from tests.support import messy_export
from tests.support.cells import everything
from tests.support.dovecot import USER
from tests.support.waiting import wait_until

__all__ = ["inbox", "story"]

pytestmark = [pytest.mark.browser, pytest.mark.pbx, pytest.mark.timeout(300)]

HER_NUMBER, HER_MAIL = "+48602733914", "Ksenia.B@poczta.example"
TYPED, WRITTEN = "Ksenia Brzeczyszczykiewicz", "Ksenia Brzęczyszczykiewicz"
TRACES = (
    "ksenia",
    "brzęczyszcz",
    "brzeczyszcz",
    "602733914",
    "419337206",
    "225097731",
    "137790522",
    "poczta.example",
    "harmonium",
)
"""Her names as written and as found by, her numbers both ways round, her address, her words."""


def test_a_customer_from_the_first_call_to_the_last_trace(story: Story) -> None:
    a_thousand_customers_come_from_a_messy_file(story)
    find_duplicates(story)
    listen_for_webhooks(story)
    call = a_stranger_calls_and_becomes_a_card_while_speaking(story)
    story.timeline_is(story.card, call)
    mail = she_writes_and_is_answered(story)
    story.timeline_is(story.card, mail, call)
    chat = she_chats_from_the_widget(story)
    story.timeline_is(story.card, chat, mail, call)
    meeting = the_card_that_was_imported_has_a_past(story)
    story.timeline_is(story.imported, meeting)

    the_cards_are_found_to_be_one_persons(story)
    the_cards_are_joined(story)
    story.timeline_is(story.card, chat, mail, call, meeting)
    the_cards_are_parted(story)
    story.timeline_is(story.card, chat, mail, call)
    story.timeline_is(story.imported, meeting)
    the_cards_are_joined(story)
    story.timeline_is(story.card, chat, mail, call, meeting)
    assert story.contacts() == [
        ("call", "answered"),
        ("email", "answered"),
        ("chat", "answered"),
        ("meeting", "answered"),
    ]
    her_data_is_given_to_her(story)
    she_is_erased(story)
    assert her_traces(story) == []
    everything_is_read_again(story)
    assert her_traces(story) == []
    assert story.contacts()[:4] == [
        ("call", "answered"),
        ("email", "answered"),
        ("chat", "answered"),
        ("meeting", "answered"),
    ]


# --- the steps ------------------------------------------------------------------------------------


def a_thousand_customers_come_from_a_messy_file(story: Story) -> None:
    take_in(story)
    counted(story, new=messy_export.CUSTOMERS, errors=messy_export.BROKEN)
    with story.admin.expect_download() as download:
        story.admin.get_by_role("link", name="Rows with errors, as a file").click()
    wrong = Path(download.value.path()).read_text("utf-8-sig")
    assert set(re.findall(r"BAD\d", wrong)) == {f"BAD{n}" for n in range(10)}
    assert wrong.count("Błędny") == messy_export.BROKEN
    assert story.one("SELECT count(*) FROM customers") == messy_export.CUSTOMERS
    born = "SELECT count(*) FROM custom_values"
    assert story.one(born) == messy_export.CUSTOMERS * 3 // 4 - 1  # hers is not known
    numbers = "SELECT count(*) FROM phone_numbers WHERE e164 NOT LIKE '+48_________'"
    assert story.one(numbers) == 0
    her = f"SELECT object_id FROM external_ids WHERE external_id = '{messy_export.HER_ID}'"
    story.imported = story.one(her)


def take_in(story: Story) -> None:
    """The file as it is, the birthday's column said by hand the first time."""
    page, file = story.admin, story.folder / "Contacts.csv"
    file.write_bytes(messy_export.contacts("Boss"))
    page.goto(f"{story.crm.web_url}/imports")
    page.get_by_label("File: CSV, XLSX or vCard").set_input_files(file)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Contacts.csv")).to_be_visible()
    expect(page.get_by_label("Encoding")).to_have_value("cp1250")
    born = page.get_by_label("Date of Birth becomes")
    if born.input_value() != "custom.birthday":
        with page.expect_response("**/plan"):
            born.select_option("custom.birthday")
    expect(born).to_have_value("custom.birthday")
    page.get_by_role("button", name="Import", exact=True).click()


def counted(story: Story, *, new: int, errors: int) -> None:
    page = story.admin
    link = page.get_by_role("link", name="Rows with errors, as a file")
    expect(link).to_be_visible(timeout=2 * PATIENCE)
    known = messy_export.AGAIN if new else messy_export.ROWS - errors
    words = rf"New\s*{new}\s*Changed\s*0\s*As they were\s*{known}\s*Errors\s*{errors}"
    expect(page.locator(".import-counts")).to_have_text(re.compile(words))


def find_duplicates(story: Story) -> None:
    """The worker's turn, which comes each minute: nobody waits for it here."""
    runtime = story.crm.runtime
    search = duplicates.go_on(
        unit_of_work=runtime.unit_of_work, publisher=runtime.bus, clock=runtime.clock
    )
    assert search is not None
    assert search.state == "done"


def listen_for_webhooks(story: Story) -> None:
    runtime = story.crm.runtime
    webhooks.create_webhook(
        "Warehouse",
        story.told.url(),
        EVENTS,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        user_id=None,
    )


def a_stranger_calls_and_becomes_a_card_while_speaking(story: Story) -> Entry:
    page = story.operator
    caller = call_in(story.crm.pbx, [Call(number=HER_NUMBER, to=SUPPORT)], talk=90.0)
    phone.bar_is(page, "talking")
    page.fill("#quick #display_name", TYPED)
    expect(page.locator("#likely")).to_contain_text(WRITTEN)
    page.click("#quick .btn-primary")
    expect(page.locator("#pop .card-name")).to_have_text(TYPED)
    page.click("#pop-facts [data-fact=email]")
    page.locator("#facts form [name=value]").fill(HER_MAIL)
    page.locator("#facts form [name=value]").press("Enter")
    expect(page.locator("#facts")).to_contain_text(HER_MAIL)
    write(page, "Asks for a harmonium")
    phone.press(page, "hangup")
    phone.bar_is(page, "idle")
    wrap_up_by_keyboard(page)
    caller.wait(60)
    story.crm.wait_until_over(1)
    query = f"SELECT customer_id FROM phone_numbers WHERE e164 = '{HER_NUMBER}'"
    story.card = story.one(query)
    story.are_told(
        "call.started", "call.answered", "call.ended", "customer.created", "customer.updated"
    )
    return "call", "Asks for a harmonium"


def letter(text: str, message_id: str, answers: str = "") -> bytes:
    composed = EmailMessage()
    composed["From"] = f"{WRITTEN} <{HER_MAIL}>"
    composed["To"] = USER
    composed["Subject"] = "Re: The harmonium" if answers else "The harmonium"
    composed["Message-ID"] = message_id
    if answers:
        composed["In-Reply-To"] = composed["References"] = answers
    composed.set_content(text)
    composed.add_attachment(
        b"a picture of the harmonium", maintype="image", subtype="png", filename="harmonium.png"
    )
    return composed.as_bytes(policy=policy.SMTP)


def she_writes_and_is_answered(story: Story) -> Entry:
    page = story.operator
    story.inbox.deliver(letter("How much is the harmonium?", "<1@poczta.example>"))
    page.locator("#toasts").get_by_role("button", name="Open").click()
    expect(page.locator("h1")).to_have_text("The harmonium")
    expect(page.locator("[data-conversation]")).to_contain_text(TYPED)
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".page-head .chip").first).to_contain_text("Open")
    page.fill("#answer-text", "It is 900 PLN.")
    page.locator("#answer-text").press("Control+Enter")
    expect(page.locator(".message-out")).to_contain_text("It is 900 PLN.")
    wait_until(lambda: story.sent.mails)
    (envelope,) = story.sent.mails
    answer = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == [HER_MAIL.lower()]
    assert answer["In-Reply-To"] == "<1@poczta.example>"
    story.inbox.deliver(
        letter("Then I take the harmonium!", "<2@poczta.example>", answer["Message-ID"])
    )
    expect(page.locator(".message-in")).to_have_count(2)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator(".page-head .chip").first).to_contain_text("Closed")
    story.are_told("message.received", "message.sent", "message.received")
    return "email", "Then I take the harmonium!"


def she_chats_from_the_widget(story: Story) -> Entry:
    visitor, page = story.visitor, story.operator
    visitor.goto(f"{story.crm.web_url}/chat/shop/demo")
    chat = visitor.frame_locator("#callcenter-chat")
    chat.get_by_role("button", name="Shop help").click()
    chat.get_by_text("Your name and how to reach you").click()
    chat.get_by_label("E-mail").fill(HER_MAIL.upper())
    chat.get_by_label("Message", exact=True).fill("Is the harmonium on its way?")
    chat.get_by_label("Message", exact=True).press("Enter")
    expect(page.locator("#alerts .alert-item")).to_contain_text(f"Chat: {TYPED}", timeout=PATIENCE)
    page.locator("#alerts .alert-item .btn-primary").click()
    dock = page.locator("#chat-dock")
    expect(dock.locator(".chat-log")).to_contain_text("Is the harmonium on its way?")
    dock.locator("textarea").fill("Since this morning.")
    dock.locator("textarea").press("Enter")
    expect(chat.locator(".log")).to_contain_text("Since this morning.")
    dock.locator(".chat-end").click()
    dock.locator(".outcome").first.click()
    dock.locator(".wrap-done").click()
    expect(dock).to_be_hidden()
    expect(chat.locator(".state")).to_have_text("The chat has ended")
    story.are_told("message.received", "message.sent")
    return "chat", "Since this morning."


def the_card_that_was_imported_has_a_past(story: Story) -> Entry:
    page = story.admin
    story.open_card(page, story.imported)
    expect(page.get_by_role("heading", name=WRITTEN)).to_be_visible()
    expect(page.locator("#timeline")).to_contain_text("No contact yet")
    page.click("#timeline .timeline-meeting summary")
    earlier = datetime.now(UTC) - timedelta(days=3)
    page.locator("#meeting-at").fill(earlier.strftime("%Y-%m-%dT10:00"))
    page.get_by_label("About what").fill("At the fair, about a harmonium")
    page.get_by_role("button", name="Add meeting").click()
    expect(page.locator("#timeline .timeline-item")).to_have_count(1)
    return "meeting", "At the fair, about a harmonium"


def the_cards_are_found_to_be_one_persons(story: Story) -> None:
    page = story.admin
    page.goto(f"{story.crm.web_url}/duplicates")
    page.get_by_role("button", name="Search all customers").click()
    expect(page.get_by_text("The search has begun")).to_be_visible()
    find_duplicates(story)
    page.reload()
    expect(page.get_by_text("All customers were searched last")).to_be_visible()
    both = f"a_id = {story.imported} AND b_id = {story.card}"
    assert story.one(f"SELECT state FROM duplicate_pairs WHERE {both}") == "open"


def the_cards_are_joined(story: Story) -> None:
    """The card that the call made stays, under the name that the file has."""
    page = story.admin
    story.open_card(page, story.card)
    page.locator("#duplicates").get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="Compare two cards")).to_be_visible()
    page.get_by_role("group", name="Name", exact=True).get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Join into one card").click()
    expect(page.get_by_role("heading", name=WRITTEN)).to_be_visible()
    story.open_card(page, story.imported)
    expect(page).to_have_url(f"{story.crm.web_url}/customers/{story.card}")
    expect(page.locator("#facts")).to_contain_text("22 509 77 31")
    expect(page.locator("#facts")).to_contain_text("602 733 914")
    story.are_told("customer.merged", "customer.updated", "customer.updated")


def the_cards_are_parted(story: Story) -> None:
    page = story.admin
    page.locator("#duplicates").get_by_role("button", name="Part them again").click()
    expect(page.get_by_role("heading", name=TYPED)).to_be_visible()
    expect(page.locator("#facts")).not_to_contain_text("22 509 77 31")
    story.are_told("customer.updated", "customer.updated")


def her_data_is_given_to_her(story: Story) -> None:
    page = story.admin
    privacy = page.locator("#privacy")
    privacy.get_by_role("button", name="Make a copy of the data").click()
    button = privacy.get_by_role("button", name="Download, once")
    expect(button).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        button.click()
    with ZipFile(download.value.path()) as copy:
        names = copy.namelist()
        data, pages = copy.read("data.json").decode(), copy.read("data.html").decode()
    for told in (
        WRITTEN,
        HER_NUMBER,
        HER_MAIL,
        "How much is the harmonium?",
        "At the fair",
        "Is the harmonium on its way?",
        "Asks for a harmonium",
        "Łódź",
    ):
        assert told in data
        assert told in pages or told == HER_NUMBER
    assert sum(name.endswith("harmonium.png") for name in names) == 2
    assert any(name.startswith("recordings/") for name in names)


def she_is_erased(story: Story) -> None:
    page = story.admin
    story.open_card(page, story.card)
    privacy = page.locator("#privacy")
    privacy.get_by_role("button", name="Erase this person").click()
    privacy.get_by_label(re.compile("Type .* to erase")).fill(WRITTEN)
    privacy.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Erased. What the law makes us keep")).to_be_visible()
    for card in (story.card, story.imported):
        assert page.request.get(f"{story.crm.web_url}/customers/{card}").status == 404
    page.goto(f"{story.crm.web_url}/customers?q=Brzęczyszczykiewicz")
    expect(page.locator("#main")).not_to_contain_text("Ksenia")
    story.are_told("customer.erased")
    wait_until(lambda: story.one("SELECT count(*) FROM doomed_files") == 0)
    assert bytes_of_hers(story) == []


def everything_is_read_again(story: Story) -> None:
    """The ledger, the mailbox (made anew, so that its numbers begin again), and the file."""
    crm, runtime = story.crm, story.crm.runtime
    crm.pbx.wait_idle()
    (pbx,) = (one.name for one in runtime.settings.ami)
    assert read_whole_file(runtime, pbx, crm.pbx.cel_path).calls.total() == 1
    story.worker.stop(10)
    story.inbox.restart_folder()
    story.worker = WorkerService(runtime)
    story.worker.start()
    wait_until(
        lambda: (
            story.one("SELECT last_uid FROM mail_positions") == 2
            and story.one("SELECT uidvalidity FROM mail_positions")
        )
    )
    take_in(story)
    counted(story, new=0, errors=messy_export.BROKEN + 2)


def her_traces(story: Story) -> list[str]:
    with story.crm.runtime.reader() as connection:
        lines = everything(connection)
    return [line for line in lines if any(word in line.casefold() for word in TRACES)]


def bytes_of_hers(story: Story) -> list[Path]:
    data = story.folder / "data"
    kept = [path for part in ("files", "imports", "exports") for path in data.glob(f"{part}/**/*")]
    sounds = [*story.crm.pbx.recordings.rglob("*.wav")]
    return [path for path in (*kept, *sounds) if path.is_file()]
