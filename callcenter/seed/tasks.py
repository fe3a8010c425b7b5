"""Tasks and call-backs of the demo company: some overdue, some today, some for the whole team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from callcenter.ports import UnitOfWork
from callcenter.seed.people import Person
from callcenter.tasks.task import TaskDraft

_TITLES = {
    "en": ("Call back about the delivery", "Send the price list", "Check the invoice"),
    "pl": ("Oddzwonić w sprawie dostawy", "Wysłać cennik", "Sprawdzić fakturę"),
    "ru": ("Перезвонить о доставке", "Отправить прайс-лист", "Проверить счёт"),
}
# (title, hours from now, for the queue instead of one operator)
_PLANNED = (
    (0, -20, False),
    (1, 1, False),
    (2, 3, False),
    (0, 5, False),
    (1, 26, False),
    (2, 74, False),
    (0, 2, True),
    (1, 29, True),
)
_QUEUE = "support"


def add_tasks(
    uow: UnitOfWork,
    everyone: Sequence[Person],
    ids: Sequence[int],
    operators: Sequence[int],
    now: datetime,
) -> None:
    """Each operator's own customers, in turn; the first title of a language is a call-back."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    asked = [one for one in zip(everyone, ids, strict=True) if one[0].story != "blocked"]
    for index, (title, hours, for_team) in enumerate(_PLANNED * len(operators)):
        person, customer_id = asked[(index * 11) % len(asked)]
        due_at = hour + timedelta(hours=hours)
        titles = _TITLES.get(person.culture.language, _TITLES["en"])
        draft = TaskDraft(
            title=titles[title],
            due_at=due_at,
            kind="callback" if title == 0 else "task",
            customer_id=customer_id,
            number=person.numbers[0] if title == 0 else "",
            assignee_id=None if for_team else operators[index // len(_PLANNED)],
            queue=_QUEUE if for_team else "",
            remind_at=due_at - timedelta(minutes=10) if hours > 0 else None,
        )
        uow.tasks.add(draft, created_by=None, at=now - timedelta(days=2))
