"""What was done, as administrators read it: by the names that people know, and a click away."""

from __future__ import annotations

import re

from callcenter.calls.record import CallRecord
from tests.support.web import ONE, Browser, World


def _noted(world: World, kind: str, *keys: str) -> None:
    with world.runtime.unit_of_work() as uow:
        for key in keys:
            uow.audit.record(
                user_id=world.users["supervisor"],
                action={"call": "stepped_in", "threshold": "threshold_changed"}[kind],
                object_type=kind,
                object_id=key,
                at=world.runtime.clock.now(),
                detail={},
            )
        uow.commit()


def _contact_of(world: World, record: CallRecord) -> int:
    with world.runtime.unit_of_work() as uow:
        return uow.interactions.identified([record.id])[record.id].id


def _told(admin: Browser) -> list[str]:
    """The last column, the newest line first."""
    table = admin.text("/users").partition('id="audit-title"')[2]
    return re.findall(r"<td>((?:(?!<td>).)*?)</td></tr>", table)


def test_a_call_leads_to_its_contact(admin: Browser, world: World) -> None:
    contact = _contact_of(world, world.ring(ONE))
    _noted(world, "call", "pbx/gone", "pbx/1")
    there, gone = _told(admin)[:2]
    assert there == f'<a href="/interactions/{contact}">Call {contact}</a>'
    assert gone == "Call pbx/gone"
    assert admin.get(f"/interactions/{contact}").status_code == 200


def test_a_call_that_was_part_of_another_leads_to_that_ones_contact(
    admin: Browser, world: World
) -> None:
    world.ring(ONE, call_id="pbx/2")
    contact = _contact_of(world, world.ring(ONE))
    with world.runtime.unit_of_work() as uow:
        uow.interactions.merge("pbx/2", "pbx/1")
        uow.calls.merge("pbx/2", "pbx/1")
        uow.commit()
    _noted(world, "call", "pbx/2")
    assert _told(admin)[0] == f'<a href="/interactions/{contact}">Call {contact}</a>'


def test_a_threshold_is_told_by_its_name_while_it_is_there(admin: Browser, world: World) -> None:
    plain = {
        "metric": "longest_wait", "comparison": "at_least", "amber": "30", "red": "60",
        "sustained_minutes": "0", "clear_by": "0", "scope": "overall", "calendar": "",
        "browser": "yes", "mails": "", "active": "yes",
    }  # fmt: skip
    for title in ("Too <long>", ""):
        assert admin.post("/thresholds", {**plain, "title": title}).status_code == 302
    unnamed, named = _told(admin)[:2]
    assert named == '<a href="/thresholds/1">Threshold Too &lt;long&gt;</a>'
    assert unnamed == '<a href="/thresholds/2">Threshold Longest wait</a>'
    assert admin.post("/thresholds/1/delete", {}).status_code == 302
    assert _told(admin)[0] == "Threshold 1"


_ROWS = re.compile(r"<td>Call (pbx/[0-9]+)</td>")
_OLDER = re.compile(r'hx-get="(/users[?]cursor=[^"]+)"')


def test_what_was_done_is_read_to_its_beginning_piece_by_piece(
    admin: Browser, world: World
) -> None:
    keys = [f"pbx/{number}" for number in range(1000, 1130)]
    _noted(world, "call", *keys)
    text = admin.text("/users")
    seen = _ROWS.findall(text)
    assert len(seen) == 50
    pieces = 0
    while older := _OLDER.search(text):
        _noted(world, "call", "pbx/9999")  # what is done meanwhile moves nothing
        piece = admin.get(older[1], headers={"HX-Request": "true", "HX-Target": "more"})
        text = piece.get_data(as_text=True)
        assert "Add user" not in text
        seen += _ROWS.findall(text)
        pieces += 1
    assert seen == keys[::-1]
    assert pieces >= 2


def test_an_address_of_older_lines_is_a_page_of_its_own(admin: Browser, world: World) -> None:
    _noted(world, "call", *(f"pbx/{number}" for number in range(1000, 1060)))
    older = _OLDER.search(admin.text("/users"))
    assert older is not None
    page = admin.text(older[1])
    assert "Add user" in page
    assert _ROWS.findall(page)[0] == "pbx/1009"
    assert admin.get("/users?cursor=nonsense").status_code == 422
