"""Every page in light, dark, phone width, Russian and Polish: nothing overflows sideways, nothing
that an accessibility checker calls serious. With SCREENSHOTS=folder the pictures are kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from callcenter.calls.ledger import SetAside
from callcenter.calls.repair import Repair
from callcenter.sales.deal import DealDraft
from callcenter.services.deals import add_deal
from callcenter.tasks.task import TaskDraft
from tests.e2e.conftest import FRONTEND
from tests.support.calls_told import in_vain, transferred
from tests.support.evidence import tell_recording
from tests.support.web import MARKUP, ONE, SHARED, UNKNOWN, World

pytestmark = pytest.mark.browser
Visit = Callable

PROBLEMS: list[str] = []
# A list to be pushed aside (a table of people by skills may be), a word of the rail that is cut: of
# them the page's own width tells nothing.
CUT = """() => {
  const narrow = (one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1;
  const those = (selector) => [...document.querySelectorAll(selector)].filter(narrow);
  return [
    ...those("#main .panel:has(> table.list:not(.skills))").map(
      (one) => `a list is ${one.scrollWidth - one.clientWidth} px too wide: ${one.innerText}`),
    ...those("#rail .rail-word").map((one) => `the rail cuts ${one.textContent}`),
  ];
}"""
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}


@pytest.fixture(autouse=True)
def _no_problems() -> Iterator[None]:
    """A test looks at all its pages before it fails: one run shows everything."""
    PROBLEMS.clear()
    yield
    assert not PROBLEMS, "\n".join(PROBLEMS)


@pytest.fixture
def lived_in(world: World) -> World:
    """A company that has had some calls."""
    del world.customers[MARKUP]
    for n, number in enumerate((ONE, UNKNOWN, SHARED, "anonymous", ONE, ONE), start=10):
        world.ring(number, call_id=f"pbx/{n}", to=["1001", "1002"])
        if n % 2 == 0:
            world.answer(f"pbx/{n}", by="1001")
        world.hang_up(f"pbx/{n}")
    with world.runtime.unit_of_work() as uow:
        now = world.runtime.clock.now()
        uow.notes.save(
            author_id=world.users["operator1"],
            text="Asked for two trucks on Monday; send the offer to her new address.",
            at=now,
            interaction_id=1,
            customer_id=None,
        )
        uow.pbx_links.set("office", "up", "", now, "22.10.1")
        uow.pbx_links.set("warehouse", "refused", "The PBX refused the user “callcenter”.", now)
        uow.ledger.receive("office", "f", "/var/log/asterisk/cel-custom/x.csv", 0, b"x" * 900, now)
        uow.ledger.set_aside([_SET_ASIDE])
        uow.commit()
    _explained(world)
    return world


_SET_ASIDE = SetAside(
    pbx="office",
    source="inbox",
    file="/var/log/asterisk/cel-custom/callcenter.csv",
    position=123_456,
    reason="torn",
    line='"CHAN_START","1795315459.989782","Anna Wiś',
    at=datetime(2026, 3, 2, 9, tzinfo=UTC),
)
TOLD = (
    "caller-from-the-queue-is-transferred-after-a-word-and-then-blindly",
    "caller-gives-up-in-the-queue",
)


def _explained(world: World) -> None:
    """Two calls of the lab with all that was kept of them, one of them corrected."""
    told = [tell_recording(world, name) for name in TOLD]
    now = world.runtime.clock.now()
    repairs = [
        Repair(
            call_id=told[0][1], at=now, cause="corrected", field=field, before=before, after=after
        )
        for field, before, after in (
            ("result", "missed", "answered"),
            ("talk_seconds", "0", "8.2"),
            ("answered_by", "", "PJSIP/1001-00000001, PJSIP/1003-00000004"),
        )
    ]
    with world.runtime.unit_of_work() as uow:
        uow.repairs.record(repairs)
        uow.calls.settled([told[0][1]], now)
        uow.commit()
    world.customers["explained"], world.customers["missed"] = (found for found, _ in told)


def _pages(world: World) -> list[tuple[str, str]]:
    return [
        ("desk", "/desk"),
        ("customers", "/customers"),
        ("card", f"/customers/{world.customers['Maria Kowalska']}"),
        ("new", "/customers/new"),
        ("interactions", "/interactions"),
        ("interaction", "/interactions/1"),
        ("explain", f"/interactions/{world.customers['explained']}/explain"),
        ("explain-missed", f"/interactions/{world.customers['missed']}/explain"),
        ("ledger", "/admin/ledger"),
        ("live", "/live"),
        ("users", "/users"),
        ("user-new", "/users/new"),
        ("pbx", "/pbx"),
        ("profile", "/profile"),
        ("tasks", "/tasks"),
        ("task-new", "/tasks/new"),
        ("calendar", "/tasks/calendar"),
        ("missed-calls", "/missed"),
        ("team", "/team"),
        ("queues", "/staffing/queues"),
        ("queue", "/staffing/queues/support"),
        ("skills", "/staffing/skills"),
        ("pauses", "/staffing/pauses"),
        ("outcomes", "/outcomes"),
        ("scripts", "/scripts"),
        ("script-new", "/scripts/new"),
        ("customer-edit", f"/customers/{world.customers['Maria Kowalska']}/edit"),
        ("new-callers", "/customers/unconfirmed"),
        ("organizations", "/organizations"),
        ("organization", "/organizations/1"),
        ("organization-new", "/organizations/new"),
        ("fields", "/settings/fields"),
        ("field-new", "/settings/fields/new"),
        ("missing", "/customers/999999"),
    ]


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_looks_right(
    visit: Visit, lived_in: World, address: str, look: str, part: int
) -> None:
    page = visit("admin", **LOOKS[look])
    _something_to_do(lived_in)
    for name, path in _pages(lived_in)[part::2]:
        page.goto(address + path)
        page.wait_for_selector("html[data-link=up]")
        _check(page, f"{name}-{look}")
    page.complaints[:] = [text for text in page.complaints if "404" not in text]


@pytest.mark.parametrize("username", ["operator2", "operator3"])
@pytest.mark.parametrize("look", ["light", "phone"])
def test_the_desk_looks_right_in_every_language(
    visit: Visit, lived_in: World, address: str, username: str, look: str
) -> None:
    with lived_in.runtime.unit_of_work() as uow:  # who may see every page
        uow.users.update(lived_in.users[username], {"role": "admin"})
        uow.commit()
    page = visit(username, **LOOKS[look])
    locale = page.get_attribute("html", "lang")
    leaders = ("missed-calls", "team", "queues", "pbx")
    pages = _pages(lived_in)
    for name, path in pages[:9] + [one for one in pages if one[0] in leaders]:
        page.goto(address + path)
        page.wait_for_selector("html[data-link=up]")
        _check(page, f"{name}-{locale}-{look}")


@pytest.mark.parametrize("look", LOOKS)
def test_a_call_on_the_desk_looks_right(visit: Visit, lived_in: World, look: str) -> None:
    page = visit("operator1", **LOOKS[look])
    for name, number in (
        ("one", ONE),
        ("several", SHARED),
        ("unknown", UNKNOWN),
        ("hidden", "anonymous"),
    ):
        call_id = f"pbx/{name}"
        lived_in.ring(number, call_id=call_id)
        expect(page.locator("#callbar")).to_have_attribute("data-call-id", call_id)
        expect(page.locator("#note")).to_be_visible()
        page.wait_for_timeout(1600)  # the bar pulses twice; a picture in between has odd colours
        _check(page, f"call-{name}-{look}")
        if name == "one":
            lived_in.answer(call_id)
            expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
            _check(page, f"call-talking-{look}")
        lived_in.hang_up(call_id)
        expect(page.locator("#callbar")).to_have_attribute("data-phase", "idle")
        if name == "one":
            expect(page.locator("#desk")).to_have_attribute("data-mode", "wrap")
            expect(page.locator("#pop .card-name")).to_be_visible()
            expect(page.locator("#desk-outcome")).not_to_be_empty()
            _check(page, f"call-wrap-up-{look}")
            page.keyboard.press("f")
        expect(page.locator("#desk")).to_have_attribute("data-mode", "idle")


@pytest.mark.parametrize("look", LOOKS)
def test_a_desk_with_much_on_it_looks_right(visit: Visit, lived_in: World, look: str) -> None:
    """Things to do, a call that was missed, one that was handed over, one heard of elsewhere."""
    page = visit("operator1", **LOOKS[look])
    _something_to_do(lived_in)
    rang = lived_in.ring(ONE, call_id="pbx/in-vain")
    lived_in.tell(in_vain(rang, lived_in))
    expect(page.locator(".missed-by-me")).to_be_visible()
    page.reload()
    expect(page.locator("#desk-tasks")).not_to_be_empty()
    expect(page.locator("#desk-missed")).not_to_be_empty()
    _check(page, f"desk-full-{look}")
    page.click('#rail a[href="/customers"]')
    lived_in.ring(ONE, call_id="pbx/peek", to=["1002"])
    handed = transferred(lived_in, lived_in.answer("pbx/peek", by="1002"), by="1002", to="1001")
    expect(page.locator("#peek")).to_contain_text("Maria")
    page.wait_for_timeout(1600)
    _check(page, f"peek-{look}")
    page.locator("#peek .peek-open").click()
    expect(page.locator("#pop .handed")).to_be_visible()
    expect(page.locator("#pop-facts")).to_contain_text("Ask for the waybill")
    _check(page, f"handed-over-{look}")
    page.locator("#pop").get_by_text("Somebody else").click()
    page.keyboard.type("za")
    expect(page.locator("#linker-results [role=option]")).to_have_count(2)
    _check(page, f"linker-{look}")
    page.keyboard.press("Escape")
    page.evaluate("document.documentElement.dataset.link = 'down'")
    page.wait_for_timeout(1000)
    _check(page, f"link-lost-{look}")
    lived_in.calls["pbx/peek"] = handed
    lived_in.hang_up("pbx/peek")


def _something_to_do(world: World) -> None:
    """Tasks, a call-back that is late, a deal."""
    now, mine = world.runtime.clock.now(), world.users["operator1"]
    customer = world.customers["Maria Kowalska"]
    drafts = (
        TaskDraft(
            title="Ask for the waybill of order 1182",
            due_at=now + timedelta(hours=3),
            customer_id=customer,
            assignee_id=mine,
        ),
        TaskDraft(
            title="Call back about the offer",
            kind="callback",
            due_at=now - timedelta(hours=2),
            number=ONE,
            customer_id=customer,
            assignee_id=mine,
        ),
        TaskDraft(title="Prices for Gdynia", due_at=now + timedelta(days=1), queue="sales"),
    )
    with world.runtime.unit_of_work() as uow:
        for draft in drafts:
            uow.tasks.add(draft, created_by=mine, at=now)
        add_deal(
            uow,
            DealDraft(
                customer_id=customer,
                title="Second truck",
                amount_minor=4_200_000,
                currency="PLN",
                next_step="Send the offer",
                next_step_on=now.date() + timedelta(days=2),
            ),
            user_id=mine,
            clock=world.runtime.clock,
        )
        uow.commit()


@pytest.mark.parametrize("look", LOOKS)
def test_what_opens_over_a_page_looks_right(visit: Visit, lived_in: World, look: str) -> None:
    page = visit("operator1", **LOOKS[look])
    page.click("#agent-state summary")
    _check(page, f"state-menu-{look}")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("ma")
    expect(page.locator("#palette-results")).to_contain_text("Maria")
    _check(page, f"palette-{look}")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    _check(page, f"help-{look}")


@pytest.mark.parametrize("look", LOOKS)
def test_the_log_in_looks_right(chromium: Any, address: str, look: str) -> None:
    context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **LOOKS[look]})
    page = context.new_page()
    page.goto(f"{address}/login")
    _check(page, f"login-{look}")
    context.close()


def _check(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    PROBLEMS.extend([f"{name} is {wide} px too wide"] if wide > 0 else [])
    main = page.evaluate(
        "(m => m ? m.scrollWidth - m.clientWidth : 0)(document.getElementById('main'))"
    )
    PROBLEMS.extend([f"the main area of {name} is {main} px too wide"] if main > 0 else [])
    PROBLEMS.extend(f"{name}: {cut}" for cut in page.evaluate(CUT))
    PROBLEMS.extend(f"{name}: {one}" for one in _serious(page))


def _serious(page: Page) -> list[str]:
    page.evaluate((FRONTEND / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    # What it need not find out is left out: what is right, and sheets of other sites.
    options = "{resultTypes: ['violations'], preload: false}"
    found = page.evaluate(f"axe.run({options}).then(r => r.violations)")
    return [
        f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
