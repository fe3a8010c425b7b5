"""Outcomes of the demo company: what its queues choose from when a call has ended. Pure.

Every outcome is told in the languages of its operators; the first word is everybody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from callcenter.outcomes.outcome import Kind, OutcomeDraft, Requirement


@dataclass(frozen=True, slots=True)
class Planned:
    """An outcome and those under it."""

    label: str
    polish: str
    russian: str
    kind: Kind = "neutral"
    requires: tuple[Requirement, ...] = ()
    under: tuple[Planned, ...] = ()

    def draft(self, queue: str, parent_id: int | None) -> OutcomeDraft:
        return OutcomeDraft(
            label=self.label,
            labels={"pl": self.polish, "ru": self.russian},
            queue=queue,
            parent_id=parent_id,
            kind=self.kind,
            requires=self.requires,
        )


_CALL_BACK = Planned(
    "Call back later", "Oddzwonić później", "Перезвонить позже", requires=("callback_at",)
)
_WRONG = Planned("Wrong number", "Pomyłka", "Ошиблись номером")

EVERY_QUEUE = (
    Planned("Settled", "Załatwione", "Вопрос решён", "good"),
    _CALL_BACK,
    Planned("Passed on", "Przekazane dalej", "Передано дальше", requires=("note",)),
    _WRONG,
)
SUPPORT = (
    Planned(
        "Settled",
        "Załatwione",
        "Вопрос решён",
        "good",
        under=(
            Planned("Told what was asked", "Udzielono informacji", "Ответили на вопрос", "good"),
            Planned("Delivery put right", "Dostawa naprawiona", "Исправили доставку", "good"),
            Planned("Invoice put right", "Faktura poprawiona", "Исправили счёт", "good"),
        ),
    ),
    Planned("Needs work", "Do zrobienia", "Нужно заняться", requires=("note", "task")),
    Planned("Complaint", "Reklamacja", "Жалоба", "bad", requires=("note", "task")),
    _CALL_BACK,
    _WRONG,
)
SALES = (
    Planned(
        "Interested",
        "Zainteresowanie",
        "Есть интерес",
        "good",
        under=(
            Planned("Ordered", "Zamówienie", "Заказали", "good"),
            Planned("Wants an offer", "Prosi o ofertę", "Ждут предложения", "good", ("deal_step",)),
            Planned(
                "Will decide later", "Zdecyduje później", "Решат позже", requires=("callback_at",)
            ),
        ),
    ),
    Planned(
        "Not interested",
        "Brak zainteresowania",
        "Не интересно",
        "bad",
        under=(
            Planned("Too expensive", "Za drogo", "Слишком дорого", "bad"),
            Planned("Buys elsewhere", "Kupuje gdzie indziej", "Покупают у других", "bad"),
            Planned("Not to be called again", "Nie dzwonić więcej", "Просят не звонить", "bad"),
        ),
    ),
    _CALL_BACK,
    _WRONG,
)
DEBTORS = (
    Planned("Paid already", "Już zapłacono", "Уже оплачено", "good", requires=("note",)),
    Planned(
        "Promised to pay",
        "Obietnica zapłaty",
        "Обещали заплатить",
        "good",
        requires=("callback_at",),
    ),
    Planned(
        "Will not pay",
        "Odmawia zapłaty",
        "Отказываются платить",
        "bad",
        under=(
            Planned(
                "Disputes the invoice", "Kwestionuje fakturę", "Спорят со счётом", "bad", ("note",)
            ),
            Planned("Cannot pay", "Nie może zapłacić", "Не могут заплатить", "bad", ("note",)),
        ),
    ),
    _CALL_BACK,
    _WRONG,
)
TREES: dict[str, tuple[Planned, ...]] = {
    "": EVERY_QUEUE,
    "support": SUPPORT,
    "sales": SALES,
    "debtors": DEBTORS,
}


def leaves(planned: tuple[Planned, ...]) -> Iterator[Planned]:
    for one in planned:
        yield from leaves(one.under) if one.under else (one,)
