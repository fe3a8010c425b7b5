"""The two Sundays of 2026 on which clocks change in Warsaw, of 23 and of 25 hours: who calls, who
works when, and what people do beside their calls. Their truth is worked out in
`tests/contracts/test_played_day.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select

from callcenter.agents.staffing import PauseReason
from callcenter.outcomes.choice import Choice
from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.services import callback_requests, operator_state, outcome_trees, survey_answers
from callcenter.services.assessments import AssessmentDesk
from callcenter.services.callback_requests import Wish
from callcenter.services.outcomes import give_outcome
from callcenter.services.score_cards import CardDesk
from callcenter.services.survey_answers import Ended, SurveyRoom
from callcenter.services.surveys import SurveyDesk
from callcenter.store.tables import interactions
from callcenter.surveys.survey import WAYS, Question, Survey
from tests.support.played_day import PBX, Play, PlayedDay
from tests.support.score_card import CARD, answers
from tests.support.store import Store

ANNA, BEN, CELA = "1001", "1002", "1003"
_GIVES_UP = "caller-gives-up-in-the-queue"
_ANSWERED = "inbound-call-is-answered-through-the-queue"


def utc(clock: str, day: int = 25, month: int = 10) -> datetime:
    hour, minute, second = (int(part) for part in clock.split(":"))
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


def caller(number: int) -> str:
    return f"+48600100{number:03}"


def _play(
    clock: str, recording: str, slower: float, *callers: int, by: str = "", day: int = 25
) -> Play:
    return Play(utc(clock, day), recording, slower, tuple(map(caller, callers)), tuple(by.split()))


SPRING: Final = (
    Play(utc("22:50:00", 28, 3), _GIVES_UP, 10, (caller(101),), (ANNA,)),  # ten to midnight
    Play(utc("00:59:50", 29, 3), _ANSWERED, 10, (caller(102),), (ANNA,)),  # two is three meanwhile
    Play(utc("01:02:00", 29, 3), _ANSWERED, 10, (caller(103),), (ANNA,)),  # two past three
    Play(utc("21:59:30", 29, 3), _ANSWERED, 10, (caller(104),), (ANNA,)),  # speaks past midnight
    Play(utc("22:02:00", 29, 3), _GIVES_UP, 10, (caller(105),), (ANNA,)),  # of Monday
)
PLAYS: Final = (
    _play("21:59:50", _ANSWERED, 10, 3, by="1001", day=24),  # of Saturday, answered on Sunday
    _play("00:30:00", _ANSWERED, 10, 1, by="1001"),  # half past two
    _play("01:30:00", _ANSWERED, 20, 2, by="1001"),  # half past two again
    _play("08:29:50", _ANSWERED, 10, 3, by="1001"),  # answered in the next half hour
    _play("08:31:00", _GIVES_UP, 1, 4, by="1001"),  # a short abandon
    _play("08:35:00", _GIVES_UP, 10, 4, by="1001"),
    _play(
        "08:40:00",
        "caller-overflows-from-one-queue-to-the-next-and-is-answered",
        *(10, 5),
        by="1001 1002",
    ),
    _play("08:50:00", "caller-from-the-queue-is-transferred-blindly", 10, 6, by="1001 1002"),
    _play(
        "09:00:00",
        "caller-from-the-queue-is-transferred-after-a-word-with-the-colleague",
        *(10, 7),
        by="1001 1002",
    ),
    _play("09:10:00", "operator-declines-and-the-queue-tries-the-next", 10, 8, by="1001 1002"),
    _play("09:20:00", "hidden-caller-is-answered", 10, by="1001"),
    _play("09:29:55", "direct-number-is-answered", 10, 1, by="1001"),
    _play("09:40:00", "direct-number-does-not-answer", 2, 9, by="1001"),
    _play("09:45:00", "direct-number-is-busy", 10, 10, by="1001"),
    _play("09:50:00", "callee-holds-the-caller-and-comes-back", 10, 11, by="1001"),
    _play("10:00:00", "outbound-call-is-answered", 10, 4, by="1001"),  # calls back who gave up
    _play("10:10:00", "outbound-call-is-not-answered", 10, 13, by="1001"),
    _play("10:20:00", "internal-call-is-answered", 10, by="1001 1002"),
    _play("10:30:00", "vip-caller-goes-to-the-vip-queue", 10, 14, by="1001"),
    _play("10:40:00", "caller-gives-up-in-the-menu-before-any-queue", 10, 15),
    _play("10:45:00", "caller-cancels-while-the-direct-number-rings", 10, 16, by="1001"),
    _play(
        "10:50:00",
        "two-callers-wait-for-one-operator-and-are-answered-in-turn",
        *(10, 17, 18),
        by="1001",
    ),
    _play(
        "10:55:00",
        "caller-whose-time-in-the-queue-is-over-leaves-a-message",
        *(10, 19),
        by="1001",
    ),
    _play("13:00:00", "caller-waits-in-the-queue-until-its-time-is-over", 10, 20, by="1001"),
    _play("13:10:00", "queue-without-anybody-takes-no-caller", 10, 21),
    _play("13:20:00", "ring-all-queue-is-answered-by-one-of-three", 10, 22, by="1003 1002 1001"),
    _play(
        "13:30:00",
        "supervisor-listens-by-a-button-and-is-no-party-to-the-call",
        *(10, 23),
        by="1001 1003",
    ),
    _play("13:40:00", "blocked-caller-hears-a-message-and-no-phone-rings", 10, 24),
    _play("13:45:00", "unanswered-caller-reaches-the-mailbox", 5, 25, by="1001"),
    _play("13:50:00", "supervisor-takes-a-call-over-at-once", 10, 26, by="1001 1003"),
    _play("14:00:00", "callee-transfers-the-caller-blindly-to-a-queue", 10, 27, by="1001 1002"),
    _play(
        "14:10:00",
        "caller-leaves-the-queue-by-a-key-and-is-answered-elsewhere",
        *(10, 28),
        by="1001 1002",
    ),
    _play("14:20:00", "click-to-call-is-answered-by-both-sides", 10, by="1001"),
    _play("14:30:00", "caller-gives-up-in-the-queue-before-any-phone-rings", 10, 29),
    _play("22:59:30", "vip-caller-goes-to-the-vip-queue", 10, 30, by="1003"),  # past midnight
)
SHIFTS: Final = (
    ("21:50:00", 24, ANNA, "ready", ""),
    ("02:00:00", 25, ANNA, "offline", ""),
    ("07:00:00", 25, ANNA, "ready", ""),
    ("08:00:00", 25, BEN, "ready", ""),
    ("11:00:00", 25, ANNA, "paused", "lunch"),
    ("11:20:00", 25, ANNA, "ready", ""),
    ("11:30:00", 25, BEN, "paused", "lunch"),
    ("12:10:00", 25, BEN, "ready", ""),  # ten minutes more than there are for lunch
    ("12:00:00", 25, ANNA, "paused", "meeting"),
    ("12:30:00", 25, ANNA, "ready", ""),
    ("13:00:00", 25, CELA, "ready", ""),
    ("14:00:00", 25, CELA, "offline", ""),
    ("15:00:00", 25, ANNA, "offline", ""),
    ("16:00:00", 25, BEN, "offline", ""),
    ("22:30:00", 25, CELA, "ready", ""),
    ("23:30:00", 25, CELA, "offline", ""),
)


class Sundays(PlayedDay):
    """Both days, ready to be played. `users`: extension → who has that phone."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        store.clock.at = utc("12:00:00", 28, 3)
        self.doors: dict[str, Any] = {
            "unit_of_work": store.unit_of_work,
            "publisher": store.publisher,
            "clock": store.clock,
        }
        names = {ANNA: "anna", BEN: "ben", CELA: "cela"}
        self.users = {one: store.add_user(name, one) for one, name in names.items()}
        self._set_up()
        self.play((*SPRING, *PLAYS))
        self.act(utc("22:40:00", 28, 3), self._choose(ANNA, "ready", ""))
        self.act(utc("22:20:00", 29, 3), self._choose(ANNA, "offline", ""))
        for clock, day, extension, state, reason in SHIFTS:
            self._later(clock, self._choose(extension, state, reason), day)
        self._later("10:31:40", lambda: self._done(ANNA))
        self._later("23:00:35", lambda: self._done(CELA))
        self._later("08:38:00", lambda: self._wants_to_be_called(4))  # and is, at ten
        self._later("13:12:00", lambda: self._wants_to_be_called(21))
        self._later("14:50:00", self._takes_off_the_list)
        self._later("08:31:40", lambda: self._answers(3, {"0": 5}))
        self._later("09:12:00", lambda: self._answers(8, {"0": 2}))
        self._later("09:02:00", lambda: self._answers(7, {}))  # hung up before the first key
        self._later("08:31:50", lambda: self._ended_as(3, "Sale"))
        self._later("09:13:00", lambda: self._ended_as(8, "Sale"))
        self._later("14:55:00", lambda: self._assess(3, greeting=0, identity=1, listened=4))
        self._later("14:56:00", lambda: self._assess(8, greeting=1, identity=1, listened=5))
        self._later("14:57:00", lambda: self._assess(7))  # begun, and never finished

    def interaction(self, number: int) -> Any:
        """The last contact with that caller."""
        row = interactions.c
        query = select(interactions).where(row.number == caller(number))
        with self.store.engine.connect() as connection:
            return connection.execute(query.order_by(row.started_at.desc())).first()

    def _later(self, clock: str, act: Callable[[], object], day: int = 25) -> None:
        self.act(utc(clock, day), act)

    def _choose(self, extension: str, state: str, reason: str) -> Callable[[], object]:
        user = self.users[extension]
        return lambda: operator_state.set_state(user, state, reason, **self.doors)

    def _done(self, extension: str) -> object:
        return operator_state.end_wrap_up(self.users[extension], **self.doors)

    def _set_up(self) -> None:
        with self.store.unit_of_work() as uow:
            timed = {"wrap_up": "timed", "wrap_up_seconds": 30, "sl_seconds": 25}
            uow.staffing.save_queue("support", {**timed, "short_abandon_seconds": 5})
            uow.staffing.save_queue("sales", {"wrap_up": "none", "sl_seconds": 15})
            uow.staffing.save_queue("vip", {"wrap_up": "until_done", "sl_seconds": 20})
            for code, limit, productive in (("lunch", 1800, False), ("meeting", None, True)):
                reason = PauseReason(
                    code=code, title=code.title(), productive=productive, limit_seconds=limit
                )
                uow.staffing.save_pause_reason(reason)
            uow.commit()
        self.lead = self.store.add_user("lead", "")
        with self.store.unit_of_work() as uow:
            uow.users.update(self.lead, {"role": "admin"})
            uow.commit()
        known = {"user_id": self.lead, "clock": self.store.clock}
        self.outcomes = {
            "Sale": outcome_trees.add_outcome(
                OutcomeDraft(label="Sale"), unit_of_work=self.store.unit_of_work, **known
            )
        }
        parts = {"unit_of_work": self.store.unit_of_work, **known}
        self.card = CardDesk(**parts).create(CARD)  # type: ignore[arg-type]
        desk = SurveyDesk(
            unit_of_work=self.store.unit_of_work, clock=self.store.clock, ways=frozenset(WAYS)
        )
        questions = (Question(texts={"en": "How was it?"}),)
        desk.create(
            Survey(
                key="",
                title="After a call",
                questions=questions,
                queues=("support",),
                ways=("keys",),
                active=True,
            )
        )

    def _wants_to_be_called(self, number: int) -> None:
        wish = Wish(
            number=caller(number),
            queue="support",
            place_at=self.store.clock.at,
            pbx=PBX,
            call_id="",
        )
        callback_requests.request(wish, lambda _calendar, at: at, **self.doors)

    def _takes_off_the_list(self) -> None:
        with self.store.unit_of_work() as uow:
            (request,) = uow.callbacks.open_for([caller(21)], [])
        callback_requests.close(
            request.id, "cancelled", "wrote a mail", user_id=self.lead, **self.doors
        )

    def _answers(self, number: int, keys: dict[str, int]) -> None:
        room = SurveyRoom(**self.doors)
        contact = self.interaction(number)
        uniqueid = contact.call_id.partition("/")[2]
        ended = Ended(pbx=PBX, uniqueid=uniqueid, queue="support", number=caller(number))
        asked = survey_answers.ask_by_keys(ended, room)
        assert asked is not None
        if keys:
            survey_answers.keep(asked.answer_id, keys, room)
            survey_answers.finish(asked.answer_id, room)

    def _ended_as(self, number: int, label: str) -> None:
        contact = self.interaction(number)
        choice = Choice(outcome_id=self.outcomes[label])
        give_outcome(contact.id, choice, user_id=contact.operator_id, **self.doors)

    def _assess(self, number: int, **told: int) -> None:
        desk = AssessmentDesk(**self.doors, user_id=self.lead)
        made = desk.begin(self.interaction(number).id, self.card)
        version = 1
        for given in answers(**told).values():
            version = desk.answer(made, given, version).version
        if told:
            desk.finish(made, version)
