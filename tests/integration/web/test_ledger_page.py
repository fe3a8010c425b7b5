"""What an administrator sees of the ledgers, and what /readyz says of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.calls.ledger import LedgerPosition, SetAside
from tests.support.web import ONE, Browser, World, make_world
from web.app import create_app


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "callcenter.csv"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path, file: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path, ledgers=(("office", file),))
    yield made
    made.runtime.close()


def read_to(world: World, read_to: int, ago: timedelta = timedelta()) -> None:
    at = world.runtime.clock.now() - ago
    with world.runtime.unit_of_work() as uow:
        uow.ledger.save_position(
            LedgerPosition(
                pbx="office", source="file", file_id="f1", path="/x.csv",
                offset=0, read_to=read_to, at=at,
            )
        )  # fmt: skip
        uow.commit()


def ready(browser: Browser) -> dict[str, tuple[bool, str]]:
    checks = browser.get("/readyz").json["checks"]
    return {one["name"]: (one["ok"], one["words"]) for one in checks}


def test_a_house_without_a_ledger_is_taught_how_to_have_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    world = make_world(sqlite_url, tmp_path)
    browser = Browser(create_app(world.runtime, testing=True))
    browser.log_in("admin")
    text = browser.text("/admin/ledger")
    for shown in ("No ledger is read", "CEL_PATH=", "--scope ledger", "/api/v1/ledger/"):
        assert shown in text
    assert not [name for name in ready(browser) if name.startswith("ledger")]
    world.runtime.close()


def test_a_ledger_that_is_read_is_shown_with_its_place(
    admin: Browser, world: World, file: Path
) -> None:
    file.write_bytes(b"x" * 1500)
    read_to(world, 1500)
    text = admin.text("/admin/ledger")
    for shown in ("Read to its end", "1,500", str(file)):
        assert shown in text
    assert ready(admin)["ledger office"] == (True, "read to its end")


def test_a_ledger_that_nobody_reads_is_stuck_and_the_house_is_not_ready(
    admin: Browser, world: World, file: Path
) -> None:
    file.write_bytes(b"x" * 1500)
    read_to(world, 500, ago=timedelta(minutes=10))
    assert "1,000 bytes" in admin.text("/admin/ledger")
    assert "Is the ami service running?" in admin.text("/admin/ledger")
    ok, words = ready(admin)["ledger office"]
    assert not ok
    assert "1000 bytes" in words
    read_to(world, 500)
    assert ready(admin)["ledger office"] == (True, "being read, 1000 bytes to go")


def test_a_configured_ledger_is_waited_for_until_it_has_lain_unread_for_long(
    admin: Browser, world: World, file: Path
) -> None:
    assert ready(admin)["ledger office"][0]
    file.write_bytes(b"one line\n")
    assert "Waiting for the first line" in admin.text("/admin/ledger")
    long_ago = world.runtime.clock.now().timestamp() - 3600
    os.utime(file, (long_ago, long_ago))
    assert not ready(admin)["ledger office"][0]


def test_what_a_forwarder_sent_and_nobody_reads_is_stuck(admin: Browser, world: World) -> None:
    at = world.runtime.clock.now() - timedelta(minutes=10)
    with world.runtime.unit_of_work() as uow:
        uow.ledger.receive("far", "f2", "/y.csv", 0, b"x" * 700, at)
        uow.commit()
    assert "sent by a forwarder" in admin.text("/admin/ledger")
    assert not ready(admin)["ledger far"][0]


def test_lines_set_aside_are_shown_with_place_reason_and_advice(
    admin: Browser, world: World
) -> None:
    now = world.runtime.clock.now()
    with world.runtime.unit_of_work() as uow:
        uow.ledger.set_aside(
            [
                SetAside(
                    pbx="office", source="file", file="/x.csv", position=n, reason="future",
                    line=f"<b>line {n}</b>", at=now + timedelta(seconds=n),
                )
                for n in range(60)
            ]
        )  # fmt: skip
        uow.commit()
    text = admin.text("/admin/ledger")
    for shown in ("From the future", "time server (NTP)", "byte 59", "&lt;b&gt;line 59&lt;/b&gt;"):
        assert shown in text
    assert "byte 9<" not in text
    address = text.split('hx-get="/admin/ledger?')[1].split('"')[0].replace("&amp;", "&")
    more = admin.text(f"/admin/ledger?{address}", headers={"HX-Target": "more"})
    assert "byte 9<" in more
    assert "<html" not in more


def test_days_are_counted_on_the_wall_of_whoever_looks(admin: Browser, world: World) -> None:
    read_to(world, 0)
    world.ring(ONE)
    world.answer()
    call = world.hang_up()
    assert 'day-waiting" width="100%"' in admin.text("/admin/ledger")
    with world.runtime.unit_of_work() as uow:
        uow.calls.settled([call.id], world.runtime.clock.now())
        uow.commit()
    assert 'day-confirmed" width="100%"' in admin.text("/admin/ledger")


@pytest.mark.parametrize("username", ["operator1", "supervisor"])
def test_only_administrators_see_it(world: World, username: str) -> None:
    browser = Browser(create_app(world.runtime, testing=True))
    browser.log_in(username)
    assert browser.get("/admin/ledger").status_code == 403


def test_an_empty_desk_says_what_its_owner_can_do(admin: Browser, operator: Browser) -> None:
    assert "Add one to yourself under Users" in admin.text("/desk")
    assert "Switch your state to Ready" in operator.text("/desk")
