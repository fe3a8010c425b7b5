"""The archive's page: what stays, a month moved, and back."""

from __future__ import annotations

from datetime import timedelta

from callcenter.archive_work import ArchiveLoop, turn
from tests.support.archives import ended, starve
from tests.support.store import interaction
from tests.support.web import Browser, World


def work(world: World) -> None:
    files = world.runtime.archive
    assert files is not None
    loop = ArchiveLoop(world.runtime)
    while turn(world.runtime, loop, files):
        pass


def test_a_month_is_moved_read_and_brought_back(
    admin: Browser, operator: Browser, world: World
) -> None:
    assert operator.get("/settings/archive").status_code == 403
    assert "Nothing is in the archive" in admin.text("/settings/archive")
    at = world.runtime.clock.now() - timedelta(days=100)
    with world.runtime.unit_of_work() as uow:
        record = ended("1.1", at, caller_number="+48501234567")
        uow.calls.save_many([record, newer := ended("9.1", at + timedelta(days=90))], {})
        rows = [interaction(one, number="+48501234567") for one in (record, newer)]
        one = uow.interactions.upsert_many(rows)[record.id]
        uow.commit()
    before = admin.text(f"/interactions/{one}"), admin.text("/interactions?phone=%2B48501234567")
    month = f"{at:%Y-%m}"

    young = admin.post("/settings/archive/move", {"month": "2999-01"})
    assert (young.status_code, "too young" in young.text) == (409, True)
    refused = admin.post("/settings/archive", {"months": "none"})
    assert refused.status_code == 422
    assert "Only digits, please." in refused.get_data(as_text=True)
    assert admin.post("/settings/archive", {"months": "240"}).status_code == 302
    assert admin.post("/settings/archive/move", {"month": month}).status_code == 302
    assert "Waits to be moved" in admin.text("/settings/archive/months")
    work(world)
    page = admin.text("/settings/archive")
    assert "In the archive" in page
    assert f">{at:%B %Y}<" in page
    assert admin.text(f"/interactions/{one}/explain")
    assert admin.get(f"/quality/contacts/{one}").status_code == 200

    after = admin.text(f"/interactions/{one}"), admin.text("/interactions?phone=%2B48501234567")
    shown = f"/interactions/{one}"
    assert [text.count(shown) for text in after] == [text.count(shown) for text in before]
    assert after[0].count("Abandoned") == before[0].count("Abandoned")
    assert admin.post("/settings/archive/restore", {"month": month}).status_code == 302
    work(world)
    assert "Nothing is in the archive" in admin.text("/settings/archive")
    a_month_whose_files_are_away_is_decided_about(admin, world, month, shown)


def a_month_whose_files_are_away_is_decided_about(
    admin: Browser, world: World, month: str, shown: str
) -> None:
    admin.post("/settings/archive/move", {"month": month})
    work(world)
    files = world.runtime.archive
    assert files is not None
    [folder] = [one for one in files.folders() if one.startswith(month)]
    files.remove(folder)
    told = "Files of the archive cannot be read"
    for path in (shown, "/interactions"):
        page = admin.get(path)
        assert page.status_code == (404 if path == shown else 200)
        assert page.text.count(told) == 1
        assert "decide what becomes of them" in page.text
    what = "/settings/archive/harmed/"
    assert admin.post(f"{what}give_up", {"month": month}).status_code == 409
    work(world)
    ready = admin.get("/readyz").get_json()["checks"]
    assert [one["words"] for one in ready if one["name"] == "archive"] == [
        f"stopped, look under Settings, Archive: {month}"
    ]
    page = admin.text("/settings/archive")
    assert told not in page  # it says more itself
    assert "Bring them from a back-up and look again" in page
    assert all(f"{what}{one}" in page for one in ("check_again", "accept", "give_up"))
    assert admin.post(f"{what}check_again", {"month": month}).status_code == 302
    work(world)
    assert "Give the month up" in admin.text("/settings/archive")
    assert admin.post(f"{what}give_up", {"month": month}).status_code == 302
    assert "Nothing is in the archive" in admin.text("/settings/archive")


def test_a_month_that_lacks_memory_says_why_what_to_do_and_when_it_is_tried_again(
    admin: Browser, world: World
) -> None:
    at = world.runtime.clock.now() - timedelta(days=100)
    with world.runtime.unit_of_work() as uow:
        both = [ended("1.1", at), ended("9.1", at + timedelta(days=90))]
        uow.calls.save_many(both, {})
        uow.interactions.upsert_many([interaction(one) for one in both])
        uow.commit()
    admin.post("/settings/archive/move", {"month": f"{at:%Y-%m}"})
    clock = starve(world.runtime, world.runtime.settings.data_dir / "archive")
    page = admin.text("/settings/archive")
    for told in ("too little memory", "CALLCENTER_DATA", "Tried 3 times in a row.", "Stopped"):
        assert told in page
    assert f'datetime="{(clock.now() + timedelta(days=1)).isoformat()}"' in page
    assert "Try again" in page
    assert admin.post("/settings/archive/move", {"month": f"{at:%Y-%m}"}).status_code == 302
    work(world)  # with as much memory as usual
    assert "In the archive" in admin.text("/settings/archive")
