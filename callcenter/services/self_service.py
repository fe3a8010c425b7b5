"""What callers do by themselves after they proved who they are; each leaves a trace on the card."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from callcenter.customers.consents import CONSENT_CHANNELS, ConsentDraft
from callcenter.errors import Invalid
from callcenter.menus.texts import appointment_words, day_words, text
from callcenter.services import history
from callcenter.services.tasks import Desk, add_task
from callcenter.tasks.task import LONGEST_TITLE, TaskDraft

FURTHEST_PROMISE: Final = timedelta(days=60)
USUAL_PROMISE: Final = timedelta(days=7)
SOURCE: Final = "phone menu"
_CONSENTS: Final = tuple(one for one in CONSENT_CHANNELS if one != "post")


def day_of(keyed: str, today: date) -> date | None:
    """Of two digits of the day and two of the month, the next such day; None for no day, today
    included, or one too far."""
    if len(keyed) != 4 or not keyed.isdecimal():
        return None
    for year in (today.year, today.year + 1):
        try:
            day = date(year, int(keyed[2:]), int(keyed[:2]))
        except ValueError:
            continue
        if day > today:
            return day if day - today <= FURTHEST_PROMISE else None
    return None


def promise(
    customer_id: int, day: date, amounts: str, *, queue: str, language: str, desk: Desk
) -> int:
    """A task for the day after the promise: has the money come? `amounts` as people read them;
    `language` is the company's, for the task is nobody's yet."""
    today = desk.clock.now().date()
    if not today < day <= today + FURTHEST_PROMISE:
        raise Invalid("day", "is not a day to promise by")
    due = datetime.combine(day + timedelta(days=1), time(8), UTC)
    title = text("promised", language, amounts=amounts, day=day_words(day, language))
    draft = TaskDraft(
        title=title[:LONGEST_TITLE],
        details=text("promised-details", language),
        due_at=due,
        remind_at=due,
        customer_id=customer_id,
        queue=queue,
    )
    return _give(draft, desk)


def ask_other_time(customer_id: int, at: datetime, user_id: int, *, desk: Desk) -> int:
    """A task for whoever expects them, in their language and time: find another time."""
    due = desk.clock.now() + timedelta(hours=4)
    with desk.unit_of_work() as uow:
        user = uow.users.get(user_id)
    language, zone = (user.locale, user.time_zone) if user is not None else ("", "UTC")
    draft = TaskDraft(
        title=text("other-time", language),
        details=appointment_words(at.astimezone(ZoneInfo(zone)), language),
        kind="task",
        due_at=min(due, max(at, desk.clock.now())),
        customer_id=customer_id,
        assignee_id=user_id,
    )
    return _give(draft, desk)


def opt_out(customer_id: int, *, language: str, desk: Desk) -> None:
    """No offers any more by any channel that we write or call on. Saying it twice is no harm."""
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        with history.recorded(uow, desk.clock, "customer", customer_id, user_id=None, actor="call"):
            for channel in _CONSENTS:
                draft = ConsentDraft(
                    channel=channel,
                    given=False,
                    source=SOURCE,
                    at=now,
                    note=text("proved", language),
                )
                uow.consents.add(customer_id, draft, now, None)
        uow.commit()


def _give(draft: TaskDraft, desk: Desk) -> int:
    with desk.unit_of_work() as uow:
        task_id, news = add_task(uow, draft, created_by=None, clock=desk.clock)
        uow.commit()
    desk.publisher.publish(news)
    return task_id
