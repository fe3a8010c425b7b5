"""What the text message and the mail with a link say: in the caller's language, and nothing of
them or of their call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SUBJECT: Final[Mapping[str, str]] = {
    "en": "How was your call?",
    "ru": "Как прошёл ваш звонок?",
    "pl": "Jak oceniasz rozmowę?",
}
_ASKED: Final[Mapping[str, str]] = {
    "en": "Thank you for your call. How did we do? {link}",
    "ru": "Спасибо за звонок. Оцените нас: {link}",
    "pl": "Dziekujemy za telefon. Ocen nas: {link}",
}
_MAIL: Final[Mapping[str, str]] = {
    "en": (
        "Good day,\n\nthank you for your call. It takes a minute to tell us how we did:\n\n{link}"
        "\n\nThe link works once and for a limited time. To receive no more such questions, just "
        "answer this mail."
    ),
    "ru": (
        "Здравствуйте!\n\nСпасибо за звонок. Оцените нас, это займёт минуту:\n\n{link}"
        "\n\nСсылка действует один раз и ограниченное время. Чтобы больше не получать таких "
        "вопросов, просто ответьте на это письмо."
    ),
    "pl": (
        "Dzień dobry,\n\ndziękujemy za telefon. Ocena zajmie minutę:\n\n{link}"
        "\n\nLink działa jeden raz i przez ograniczony czas. Aby nie otrzymywać więcej takich "
        "pytań, wystarczy odpowiedzieć na tę wiadomość."
    ),
}


def message(way: str, language: str, link: str) -> str:
    """The Polish text message keeps to the plain alphabet: half as many segments."""
    texts = _ASKED if way == "sms" else _MAIL
    return texts[known(language)].format(link=link)


def subject(language: str) -> str:
    return SUBJECT[known(language)]


def known(language: str) -> str:
    return language if language in SUBJECT else "en"
