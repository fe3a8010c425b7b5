"""Who belongs into which queue: skills, devices, pauses; only differences are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from ami.members import Key, applied
from callcenter.agents.membership import Change, Member, Worker, changes
from callcenter.agents.status import AgentStatus, Device, WrapUp

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIXED = Member(queue="sales", interface="PJSIP/1001", fixed=True)
SKILLS = {"sales": "sales"}


def status(chosen: str = "ready", reason: str = "", device: Device = "desk") -> AgentStatus:
    return AgentStatus(
        user_id=1,
        state=chosen,  # type: ignore[arg-type]
        reason=reason,
        since=NOON,
        chosen=chosen,  # type: ignore[arg-type]
        chosen_reason=reason,
        device=device,
    )


def worker(now: AgentStatus | None, number: str = "1001", **levels: int) -> Worker:
    return Worker(
        user_id=int(number),
        name=f"Operator {number}",
        desk=f"PJSIP/{number}",
        browser=f"PJSIP/web{number}",
        status=now,
        levels=levels,
    )


def told(person: Worker, *actual: Member) -> list[tuple[str, str, str]]:
    due = changes([person], SKILLS, actual)
    return [(one.action, one.interface, one.reason or str(one.penalty)) for one in due]


def test_who_never_logged_in_is_left_as_the_pbx_has_them() -> None:
    assert told(worker(None), FIXED) == []
    assert told(worker(None)) == []


def test_a_pause_is_told_with_its_reason_and_taken_back() -> None:
    assert told(worker(status("paused", "lunch")), FIXED) == [("pause", "PJSIP/1001", "lunch")]
    paused = replace(FIXED, paused=True, reason="lunch")
    assert told(worker(status("paused", "lunch")), paused) == []
    assert told(worker(status()), paused) == [("unpause", "PJSIP/1001", "0")]


def test_wrap_up_pauses_and_so_does_leaving() -> None:
    wrapping = replace(status(), wrap_up=WrapUp(call_id="a", until=None))
    assert told(worker(wrapping), FIXED) == [("pause", "PJSIP/1001", "wrap_up")]
    assert told(worker(status("offline")), FIXED) == [("pause", "PJSIP/1001", "offline")]


def test_a_skill_makes_a_member_as_far_back_as_its_level_says() -> None:
    assert told(worker(status(), sales=7)) == [("add", "PJSIP/1001", "2")]
    assert told(worker(status(), sales=7), FIXED) == [("penalty", "PJSIP/1001", "2")]


def test_leaving_takes_the_added_out() -> None:
    added = Member(queue="sales", interface="PJSIP/1001", penalty=2)
    assert told(worker(status("offline"), sales=7), added) == [("remove", "PJSIP/1001", "0")]


def test_in_a_queue_of_others_skill_one_is_not_rung() -> None:
    skilled, other = worker(status(), "1002", sales=9), worker(status())
    due = changes([skilled, other], SKILLS, [FIXED])
    assert [(one.action, one.interface) for one in due] == [
        ("add", "PJSIP/1002"),
        ("pause", "PJSIP/1001"),
    ]


def test_the_browser_replaces_the_desk_phone() -> None:
    person = worker(status(device="browser"))
    assert told(person, FIXED) == [
        ("pause", "PJSIP/1001", "other device"),
        ("add", "PJSIP/web1001", "0"),
    ]
    added = Member(queue="sales", interface="PJSIP/web1001")
    paused = replace(FIXED, paused=True, reason="other device")
    assert told(worker(status()), paused, added) == [
        ("unpause", "PJSIP/1001", "0"),
        ("remove", "PJSIP/web1001", "0"),
    ]


def test_members_of_the_pbx_that_are_nobody_of_ours_stay() -> None:
    stranger = Member(queue="sales", interface="PJSIP/7777")
    assert told(worker(status()), stranger) == []


def test_what_is_told_once_needs_no_telling_again() -> None:
    """Whatever the state, after the changes the PBX is as it should be."""
    people = [
        worker(status("paused", "lunch"), "1001", sales=4),
        worker(status(device="browser"), "1002", sales=9),
        worker(status("offline"), "1003", sales=1),
        worker(status(), "1004"),
        worker(None, "1005"),
    ]
    fixed = [replace(FIXED, interface=one.desk) for one in people]
    members: Mapping[Key, Member] = {(one.queue, one.interface): one for one in fixed}
    for _step in range(2):  # who is added paused gets the reason in a second step
        for change in changes(people, SKILLS, members.values()):
            members = applied(members, change)
    assert changes(people, SKILLS, members.values()) == list[Change]()
