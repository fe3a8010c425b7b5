"""Reports by mail: each period goes once to each recipient, whatever the mail server does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from callcenter.accounts.user import UserDraft
from callcenter.channels.mail import OutboundMail, SendFailed
from callcenter.errors import Forbidden, Invalid, Unavailable
from callcenter.queries import report_views as queries
from callcenter.queries.report_views import Mail
from callcenter.reporting.schedule import Schedule
from callcenter.rights.viewer import EVERYTHING
from callcenter.services import report_schedules as services
from callcenter.services import report_views
from callcenter.services.report_schedules import ScheduleDesk
from tests.support.store import NOW, Store

DRAFT = Schedule(
    title="Daily figures",
    report="speed",
    format="csv",
    at="07:00",
    zone="Europe/Warsaw",
    recipients=("one@example.com", "two@example.com"),
)
MORNING = datetime(2026, 3, 3, 6, 0, 5, tzinfo=UTC)  # 07:00 in Warsaw


@dataclass
class Server:
    """A mail server that keeps what it takes, or refuses, or pulls the plug."""

    taken: list[OutboundMail] = field(default_factory=list)
    refusal: Exception | None = None

    def send(self, mail: OutboundMail) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.taken.append(mail)


class World:
    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.server = store, store.clock, Server()
        boss = UserDraft(username="boss", display_name="Boss", role="supervisor")
        with store.unit_of_work() as uow:
            self.boss = uow.users.add(boss, "no password", NOW)
            uow.commit()
        self.made: list[tuple[date, date]] = []
        self.desk = ScheduleDesk(
            unit_of_work=store.unit_of_work,
            clock=self.clock,
            sender=self.server,
            mail_from="reports@example.com",
            make=self._make,
        )
        self.id = self.save(DRAFT)

    def save(self, schedule: Schedule) -> int:
        return services.save(
            schedule, user_id=self.boss, unit_of_work=self.store.unit_of_work, clock=self.clock
        )

    def _make(self, _schedule: Schedule, days: tuple[date, date], path: Path) -> int:
        self.made.append(days)
        path.write_bytes(b"Service level\n80\n")
        return 1

    def turn(self) -> None:
        """What the worker does each time it looks."""
        services.begin_due(self.desk)
        while services.send_next(self.desk):
            pass

    def mails(self) -> list[Mail]:
        with self.store.engine.connect() as connection:
            return queries.mails_of(connection, self.id)

    def is_due(self) -> bool:
        with self.store.engine.connect() as connection:
            return queries.is_due(connection, self.clock.now())

    def states(self) -> set[str]:
        return {one.state for one in self.mails()}


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_it_goes_out_once_to_each_at_its_time(world: World) -> None:
    world.turn()
    assert not world.is_due()
    world.clock.at = MORNING
    assert world.is_due()
    for _ in range(3):
        world.turn()
    assert [list(mail.to) for mail in world.server.taken] == [
        ["one@example.com"],
        ["two@example.com"],
    ]
    assert set(world.made) == {(date(2026, 3, 2), date(2026, 3, 2))}
    assert "2026-03-02" in world.server.taken[0].subject
    assert world.server.taken[0].files[0].name == "speed-2026-03-02.csv"
    assert not world.is_due()


def test_a_time_that_was_slept_through_goes_out_once_for_the_latest_period(world: World) -> None:
    world.clock.at = MORNING + timedelta(days=5)
    world.turn()
    assert len(world.server.taken) == 2
    assert {one.period_from for one in world.mails()} == {date(2026, 3, 7)}


def test_one_that_cannot_begin_holds_back_no_other(world: World) -> None:
    other = world.save(replace(DRAFT, title="The other", recipients=("three@example.com",)))
    with world.store.unit_of_work() as uow:  # a zone that went out of the books since
        uow.report_views.set_schedule(world.id, {"zone": "Europe/Nowhere"}, NOW)
        uow.commit()
    world.clock.at = MORNING
    world.turn()
    assert [list(mail.to) for mail in world.server.taken] == [["three@example.com"]]
    with world.store.engine.connect() as connection:
        broken = queries.schedule(connection, EVERYTHING, world.id)
        whole = queries.schedule(connection, EVERYTHING, other)
    assert broken is not None
    assert broken.schedule.last_result == services.OUR_SIDE
    assert broken.schedule.next_at == MORNING + timedelta(hours=1)
    assert whole is not None
    assert whole.schedule.last_result == f"three@example.com: {services.SENT}"


def test_a_character_that_no_database_keeps_is_refused_or_left_out(world: World) -> None:
    with pytest.raises(Invalid, match="this is not a mail address"):
        world.save(replace(DRAFT, recipients=("a\0b@example.com",)))
    made = world.save(replace(DRAFT, title="The\0 speed"))
    with world.store.engine.connect() as connection:
        kept = queries.schedule(connection, EVERYTHING, made)
    assert kept is not None
    assert "\0" not in kept.schedule.title


def test_changing_a_schedule_or_pressing_the_button_sends_no_period_twice(world: World) -> None:
    world.clock.at = MORNING
    world.turn()
    world.save(replace(DRAFT, id=world.id, at="07:30"))
    world.clock.at = MORNING + timedelta(minutes=31)
    world.turn()
    assert len(world.server.taken) == 2
    count = services.send_now(
        world.id, user_id=world.boss, unit_of_work=world.store.unit_of_work, clock=world.clock
    )
    assert count == 0


def test_a_server_that_is_away_is_told_in_words_and_asked_again_later(world: World) -> None:
    world.clock.at = MORNING
    world.server.refusal = SendFailed("the mail server is away (TimeoutError)", lasting=False)
    world.turn()
    (mail, _other) = world.mails()
    assert (mail.state, mail.attempts) == ("waiting", 1)
    assert "away" in mail.problem
    assert mail.next_try_at == MORNING + timedelta(minutes=1)
    assert not world.is_due()
    world.server.refusal = None
    world.clock.pass_by(61)
    world.turn()
    assert world.states() == {"sent"}
    assert len(world.server.taken) == 2


def test_a_server_that_stays_away_is_given_up_and_asked_once_more_by_a_person(
    world: World,
) -> None:
    world.clock.at = MORNING
    world.server.refusal = SendFailed("the mail server is away", lasting=False)
    for _ in range(9):
        world.turn()
        world.clock.pass_by(86_400 / 9)
    while world.states() == {"waiting"}:
        world.clock.pass_by(86_400)
        while services.send_next(world.desk):
            pass
    assert "failed" in world.states()
    world.server.refusal = None
    services.send_now(
        world.id, user_id=world.boss, unit_of_work=world.store.unit_of_work, clock=world.clock
    )
    world.turn()
    assert world.states() == {"sent"}


def test_an_address_that_is_refused_for_good_is_not_tried_again(world: World) -> None:
    world.clock.at = MORNING
    world.server.refusal = SendFailed("the mail server said 550: no such user", lasting=True)
    world.turn()
    assert world.states() == {"failed"}
    with world.store.engine.connect() as connection:
        listed = queries.schedule(connection, EVERYTHING, world.id)
    assert listed is not None
    assert "550" in listed.schedule.last_result


def test_what_went_wrong_with_one_is_not_hidden_by_a_mail_that_another_got(world: World) -> None:
    world.clock.at = MORNING
    services.begin_due(world.desk)
    world.server.refusal = SendFailed("the mail server said 550: no such user", lasting=True)
    services.send_next(world.desk)
    world.server.refusal = None
    services.send_next(world.desk)
    assert world.states() == {"failed", "sent"}
    with world.store.engine.connect() as connection:
        listed = queries.schedule(connection, EVERYTHING, world.id)
    assert listed is not None
    assert "550" in listed.schedule.last_result


def test_a_mail_in_which_the_program_was_killed_is_not_sent_again_by_itself(world: World) -> None:
    world.clock.at = MORNING
    world.server.refusal = KeyboardInterrupt()
    services.begin_due(world.desk)
    with pytest.raises(KeyboardInterrupt):
        services.send_next(world.desk)
    world.server.refusal = None
    world.turn()
    world.clock.pass_by(16 * 60)
    world.turn()
    assert sorted(one.state for one in world.mails()) == ["sent", "unsure"]
    assert len(world.server.taken) == 1


def test_a_busy_database_while_a_report_is_made_is_no_end_of_its_mail(world: World) -> None:
    world.clock.at = MORNING
    services.begin_due(world.desk)
    make = world.desk.make

    def busy(*_asked: object) -> int:
        raise Unavailable("", "the database did not answer in time: server closed the connection")

    world.desk = replace(world.desk, make=busy)
    while services.send_next(world.desk):
        pass
    assert world.states() == {"waiting"}
    assert {one.problem[:30] for one in world.mails()} == {"the database did not answer in"}
    world.desk = replace(world.desk, make=make)
    world.clock.pass_by(61)
    world.turn()
    assert world.states() == {"sent"}
    assert len(world.server.taken) == 2


def test_a_mail_whose_making_was_killed_is_tried_again_since_nobody_was_handed_it(
    world: World,
) -> None:
    world.clock.at = MORNING
    services.begin_due(world.desk)

    def killed(*_asked: object) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.send_next(replace(world.desk, make=killed))
    world.turn()
    assert len(world.server.taken) == 1
    world.clock.pass_by(16 * 60)
    world.turn()
    assert world.states() == {"sent"}
    assert len(world.server.taken) == 2


def test_a_mail_that_kills_whoever_makes_it_is_given_up_in_the_end(world: World) -> None:
    world.save(replace(DRAFT, id=world.id, recipients=("one@example.com",)))
    world.clock.at = MORNING
    services.begin_due(world.desk)
    kills = 0

    def killed(*_asked: object) -> int:
        raise KeyboardInterrupt

    while world.states() == {"waiting"}:
        try:
            services.send_next(replace(world.desk, make=killed))
        except KeyboardInterrupt:
            kills += 1
        assert kills < 20
        world.clock.pass_by(16 * 60)
    assert {one.problem for one in world.mails()} == {services.OUR_SIDE}
    assert world.states() == {"failed"}


@pytest.mark.parametrize("fails", [False, True])
def test_one_whose_making_took_so_long_that_another_made_it_is_sent_once(
    world: World, fails: bool
) -> None:
    world.clock.at = MORNING
    services.begin_due(world.desk)

    def slow(_schedule: Schedule, _days: tuple[date, date], path: Path) -> int:
        world.clock.pass_by(16 * 60)
        world.turn()
        if fails:
            raise Unavailable("", "the database did not answer in time")
        path.write_bytes(b"late")
        return 1

    services.send_next(replace(world.desk, make=slow))
    world.clock.pass_by(16 * 60)
    world.turn()
    assert sorted(one.to[0] for one in world.server.taken) == ["one@example.com", "two@example.com"]
    assert world.states() == {"sent"}


def test_without_a_mail_server_it_says_so_and_waits(world: World) -> None:
    world.desk = replace(world.desk, sender=None)
    world.clock.at = MORNING
    world.turn()
    assert {one.problem for one in world.mails()} == {services.NO_SERVER}
    assert world.states() == {"waiting"}


def test_one_that_is_off_does_not_go(world: World) -> None:
    world.save(replace(DRAFT, id=world.id, active=False))
    world.clock.at = MORNING
    world.turn()
    assert world.mails() == []


def test_nonsense_is_refused_and_an_operator_sends_nothing(world: World) -> None:
    with pytest.raises(Invalid):
        world.save(replace(DRAFT, recipients=("nobody",)))
    world.boss = world.store.add_user("anna")
    with pytest.raises(Forbidden):
        world.save(DRAFT)


def test_views_are_ones_own_until_they_are_shared(world: World) -> None:
    store = world.store
    for title, shared in (("Mine", False), ("Ours", True)):
        report_views.keep_view(
            title,
            "speed",
            "period=today",
            shared=shared,
            user_id=world.boss,
            unit_of_work=store.unit_of_work,
            clock=world.clock,
        )
    with store.engine.connect() as connection:
        own = queries.views_for(connection, replace(EVERYTHING, user_id=world.boss))
        others = queries.views_for(connection, replace(EVERYTHING, user_id=world.boss + 99))
    assert [one.title for one in own] == ["Mine", "Ours"]
    assert [one.title for one in others] == ["Ours"]
    with pytest.raises(Forbidden):
        report_views.drop_view(
            own[0].id, user_id=world.boss + 99, unit_of_work=store.unit_of_work, clock=world.clock
        )
