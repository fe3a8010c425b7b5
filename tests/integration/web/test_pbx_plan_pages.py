"""The plan of a PBX as pages: what administrators edit, what is refused beside which field, what
leaves the house and what never shows.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from callcenter.pbx.plan import PbxPlan
from callcenter.queries import users
from callcenter.services import pbx_plan as services
from callcenter.settings_forms import parse_ami_urls
from tests.support.web import MARKUP, Browser, World

PLAN = "/pbx/plan/pbx"
NUMBER = {"number": "+48 22 100 00 77", "title": "Autumn campaign", "target": "queue:campaign"}
QUEUE = {
    "name": "campaign", "number": "861", "strategy": "ringall", "members": ["1001"],
    "ring_seconds": "15", "wait_seconds": "60", "weight": "0", "wrapup_seconds": "2",
    "join_empty": "yes", "overflow": "queue:support", "key_digit": "1",
    "key_place": "operator:1001",
}  # fmt: skip
TRUNK = {
    "name": "trunk-two", "host": "sip.example.org", "match": "203.0.113.10", "port": "5060",
    "user": "48221234567", "secret": "given-by-them!", "registers": "yes", "outbound": "yes",
}  # fmt: skip


@pytest.fixture
def planner(admin: Browser) -> Browser:
    assert admin.post(f"{PLAN}/begin", {}).status_code == 302
    return admin


def stored(world: World) -> tuple[PbxPlan, int]:
    door = services.Door(unit_of_work=world.runtime.unit_of_work, clock=world.runtime.clock)
    return services.read(door, "pbx")


def save(browser: Browser, world: World, path: str, values: dict[str, object]) -> str:
    """The page that comes back, with 200 for one that was taken."""
    answer = browser.post(f"{PLAN}/{path}", {**values, "version": str(stored(world)[1])})
    return f"{answer.status_code} {answer.get_data(as_text=True)}"


def test_a_plan_begins_with_a_phone_for_each_user_who_has_one(
    world: World, planner: Browser
) -> None:
    plan, version = stored(world)
    assert version == 1
    assert plan.operators[0].name == "Anna Nowak"
    assert "Anna Nowak" in planner.text(f"{PLAN}/phones")
    assert "Nothing yet" in planner.text(PLAN)
    for part in ("numbers", "queues", "groups", "trunks", "general", "files"):
        assert planner.text(f"{PLAN}/{part}")


def test_a_queue_a_number_and_a_phone_are_added(world: World, planner: Browser) -> None:
    assert save(planner, world, "queues/new", QUEUE).startswith("302")
    assert save(planner, world, "numbers/new", NUMBER).startswith("302")
    boss = str(world.users["supervisor"])
    phone = {"user_id": boss, "extension": "1009", "ring_seconds": "20", "desk_phones": "1"}
    assert save(planner, world, "phones/new", {**phone, "queues": ["campaign"]}).startswith("302")
    plan, _version = stored(world)
    assert plan.queue_numbers["campaign"] == "861"
    assert plan.queues[-1].members == ("1001", "1009")
    assert plan.operators[-1].supervisor
    assert "Autumn campaign" in planner.text(f"{PLAN}/numbers")
    assert "PJSIP/1009" in planner.text(f"/users/{boss}/edit")
    assert "campaign" in planner.text("/staffing/queues")
    form = planner.text(f"{PLAN}/queues/one/campaign")
    assert 'value="operator:1001" selected' in form
    with world.runtime.reader() as connection:
        done = [one for one in users.audit(connection, None, 9).items if one.object_type == "pbx"]
    assert done[-2].detail["after"]["queues"][0]["name"] == "campaign"


def test_the_password_of_an_account_is_kept_and_shown_nowhere(
    world: World, planner: Browser
) -> None:
    assert save(planner, world, "trunks/new", TRUNK).startswith("302")
    one = "trunks/one/trunk-two"
    assert save(planner, world, one, {**TRUNK, "secret": "", "port": "5070"}).startswith("302")
    kept = stored(world)[0].trunks[1]
    assert (kept.port, kept.secret) == (5070, "given-by-them!")
    assert "Signs in" in planner.text(f"{PLAN}/trunks")
    for path in (f"{PLAN}/{one}", f"{PLAN}/files", "/users/audit"):
        assert "given-by-them" not in planner.get(path).get_data(as_text=True)
    refused = save(planner, world, one, {**TRUNK, "user": "somebody-else", "secret": ""})
    assert "The account needs a password" in refused


REFUSED = [
    ("numbers/new", {**NUMBER, "target": "queue:support", "number": "+48221000001"}, "is used"),
    ("numbers/new", {**NUMBER, "target": "queue:support", "number": "12"}, "its country"),
    ("numbers/new", {**NUMBER}, "would not be there"),
    ("numbers/new", {**NUMBER, "target": ""}, "Say where it leads"),
    ("queues/new", {**QUEUE, "number": "1001"}, "is used already"),
    ("queues/new", {**QUEUE, "name": "Campaign!"}, "small Latin letter"),
    ("queues/new", {**QUEUE, "overflow": "queue:campaign"}, "in a circle"),
    ("queues/new", {**QUEUE, "wait_seconds": "many"}, "Write a number"),
    ("phones/new", {"extension": "1001", "ring_seconds": "20", "desk_phones": "1"}, "is used"),
    (
        "phones/one/1001",
        {"ring_seconds": "20", "desk_phones": "1", "forward_busy": "+19005550100"},
        "in no country that may be called",
    ),
    ("trunks/new", {"name": "second", "host": "a b", "port": "5060"}, "not a host name"),
    ("trunks/new", {**TRUNK, "secret": ""}, "The account needs a password"),
    ("trunks/new", {**TRUNK, "user": "", "registers": "yes"}, "needs the user name"),
    ("trunks/one/trunk", {"host": "127.0.0.2", "port": "5060"}, "go out by one of the trunks"),
]


def test_what_cannot_be_is_refused_beside_its_field(world: World, planner: Browser) -> None:
    for path, values, words in REFUSED:
        said = save(planner, world, path, values)
        assert said.startswith("422"), (path, said[:200])
        assert words in said
        assert "field-error" in said
    assert stored(world)[1] == 1


def test_what_others_changed_meanwhile_is_not_overwritten(world: World, planner: Browser) -> None:
    save(planner, world, "queues/new", QUEUE)
    answer = planner.post(f"{PLAN}/numbers/new", {**NUMBER, "version": "1"})
    assert answer.status_code == 409


def test_general_settings_are_kept_and_refused(world: World, planner: Browser) -> None:
    form = planner.text(f"{PLAN}/general")
    assert "The CRM may apply this plan by itself" in form
    values = {
        "main_number": "+48221000001", "default_queue": "support", "outbound_prefixes": "+48 +49",
        "outbound_at_once": "5", "max_call_seconds": "3600", "conferences": "800", "region": "pl",
        "language": "en", "asterisk": "22", "system_name": "pbx1", "bind": "127.0.0.1",
        "external_address": "", "local_networks": "", "sip": "5060", "http": "8088",
        "rtp_first": "10000", "rtp_last": "20000", "agi_host": "127.0.0.1", "agi_port": "4573",
        "manager_bind": "127.0.0.1", "ami": "5038", "manager_permit": "127.0.0.1/32",
        "config_user": "yes",
    }  # fmt: skip
    assert save(planner, world, "general", values).startswith("302")
    plan, _version = stored(world)
    assert plan.outbound_prefixes == ("+48", "+49")
    assert plan.manager.config
    assert not plan.record
    wrong = save(planner, world, "general", {**values, "outbound_prefixes": "48"})
    assert "Write beginnings of numbers" in wrong


def test_passwords_show_only_to_who_asks_and_that_is_written_down(
    world: World, planner: Browser
) -> None:
    plan, _version = stored(world)
    words = [plan.manager.listener, *(one.secret for one in plan.operators)]
    pages = [f"{PLAN}/{name}" for name in ("files", "files/pjsip.conf", "files/manager.conf", "")]
    shown = "".join(planner.text(page.rstrip("/")) for page in [*pages, f"{PLAN}/phones/one/1001"])
    assert "••••" in shown
    assert not [word for word in words if word in shown]
    page = planner.post(f"{PLAN}/phones/one/1001/password", {}).get_data(as_text=True)
    assert plan.operators[0].secret in page
    renewed = planner.post(f"{PLAN}/phones/one/1001/password", {"renew": "yes"})
    assert plan.operators[0].secret not in renewed.get_data(as_text=True)
    packed = planner.post(f"{PLAN}/export", {})
    archive = zipfile.ZipFile(io.BytesIO(packed.data))
    assert stored(world)[0].operators[0].secret in archive.read("pjsip.conf").decode()
    assert packed.headers["Cache-Control"] == "no-store"


def test_a_phone_that_goes_leaves_its_queues_but_no_number_behind(
    world: World, planner: Browser
) -> None:
    refused = planner.post(f"{PLAN}/phones/one/1003/remove", {"version": "1"})
    assert refused.status_code == 422
    assert "Something leads to the phone 1003" in refused.get_data(as_text=True)
    planner.post(f"{PLAN}/numbers/one/+48221000103/remove", {"version": "1"})
    planner.post(f"{PLAN}/phones/one/1003/remove", {"version": "2"})
    plan, _version = stored(world)
    assert "1003" not in {member for queue in plan.queues for member in queue.members}


def test_a_name_with_markup_is_shown_as_text(world: World, planner: Browser) -> None:
    save(planner, world, "numbers/new", {**NUMBER, "target": "ivr", "title": MARKUP})
    assert MARKUP not in planner.text(f"{PLAN}/numbers")


def test_only_administrators_come_in(operator: Browser, supervisor: Browser) -> None:
    for browser in (operator, supervisor):
        assert browser.get("/pbx/plan/pbx").status_code == 403


def test_the_folder_is_compared_and_applying_is_asked_of_who_holds_it(
    app: Flask, world: World, planner: Browser, tmp_path: Path
) -> None:
    (tmp_path / "queues.conf").write_text("[mine]\nstrategy = ringall\nsecret = hush-hush-hush\n")
    address = parse_ami_urls("AMI_CONFIG_URL", "ami://callcenter-config:s@127.0.0.1:5038/pbx")
    changed = replace(world.runtime.settings, pbx_config=(("", tmp_path),), ami_config=address)
    app.extensions["callcenter"] = replace(world.runtime, settings=changed)
    page = planner.text(f"{PLAN}/files")
    assert "Changed by somebody else" in page
    assert "-[mine]" in page
    assert "hush-hush-hush" not in page
    heard = []
    end = world.runtime.bus.serve_commands(heard.append)
    answer = planner.post(f"{PLAN}/apply", {"version": "1", "accept": ["queues.conf abc"]})
    assert "Under way" in planner.text(answer.location)
    again = planner.post(f"{PLAN}/apply", {"version": "1"})
    assert again.status_code == 409
    end()
    assert heard[0].arguments["queues.conf"] == "abc"
    assert (tmp_path / "queues.conf").read_text().startswith("[mine]")
