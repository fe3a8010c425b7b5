"""What customers of the demo company have written lately, and the texts it answers with. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.channels.template import ReplyTemplate


@dataclass(frozen=True, slots=True)
class Letter:
    """`ago` in minutes; `person` is a place in the list of people; no subject: a short message."""

    ago: int
    person: int
    queue: str
    text: str
    subject: str = ""


LETTERS = (
    Letter(
        14,
        3,
        "support",
        "Dzień dobry,\n\nzamówienie miało być wczoraj, a kuriera nadal nie ma. Proszę o wiadomość.",
        "Zamówienie nie dotarło",
    ),
    Letter(
        55,
        70,
        "debtors",
        "Добрый день!\n\nПришлите, пожалуйста, счёт ещё раз: в копии не читается сумма.",
        "Счёт за октябрь",
    ),
    Letter(
        180,
        108,
        "sales",
        "Hello,\n\ncould you send me the current price list for catering boxes?\n\nKind regards",
        "Price list",
    ),
    Letter(8, 12, "support", "Czy mogę odebrać zamówienie jutro po 16?"),
    Letter(95, 75, "support", "Спасибо, всё получили"),
)

TEMPLATES = (
    ReplyTemplate(
        title="Thanks",
        text="Dear {customer.name},\n\nthank you for your message. We answer today.",
    ),
    ReplyTemplate(
        title="Sent today",
        text="Dear {customer.name},\n\nyour order left our warehouse today.",
        queue="support",
    ),
    ReplyTemplate(kind="signature", title="Signature", text="{operator.name}\nCustomer service"),
)
