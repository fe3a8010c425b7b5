"""What a caller did by themselves, as colleagues read it in tasks and notes, in their
language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from callcenter.speech.builtin import LOCALES

_USUAL: Final = LOCALES[0]
_TEXTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "promised": {
            "en": "Promised by phone to pay {amounts} by {day}",
            "ru": "Обещание по телефону: оплатить {amounts} до {day}",
            "pl": "Obietnica przez telefon: zapłata {amounts} do {day}",
        },
        "promised-details": {
            "en": "Promised in the voice menu, after customer number and PIN.",
            "ru": "Обещано в голосовом меню, после ввода номера клиента и ПИН-кода.",
            "pl": "Obiecano w menu głosowym, po podaniu numeru klienta i kodu PIN.",
        },
        "pins-halted": {
            "en": "Somebody may be guessing callers' PINs",
            "ru": "Возможно, кто-то подбирает ПИН-коды клиентов",
            "pl": "Ktoś może zgadywać kody PIN klientów",
        },
        "pins-halted-details": {
            "en": "Too many PINs were wrong within an hour, over all customers and numbers. "
            "Callers are led to operators instead of being asked for a PIN, until an hour has "
            "passed with fewer; only who gave the right PIN from the same number within a month is "
            "still asked. Look at the calls of the last hour in menus with self-service. Under "
            "Settings, Voice menus you see how it stands and can have callers asked again.",
            "ru": "За час было слишком много неверных ПИН-кодов по всем клиентам и номерам. Пока "
            "за час их не станет меньше, ПИН-код не спрашивают, а соединяют с оператором; "
            "спрашивают только тех, кто за последний месяц ввёл верный ПИН-код с того же номера. "
            "Посмотрите звонки последнего часа в меню с самообслуживанием. В разделе «Настройки», "
            "«Голосовые меню» видно состояние, и там можно снова включить запрос ПИН-кода.",
            "pl": "W ciągu godziny podano zbyt wiele błędnych kodów PIN, licząc wszystkich "
            "klientów i numery. Dopóki w ciągu godziny nie będzie ich mniej, zamiast pytać o PIN "
            "łączymy z konsultantem; pytamy tylko osoby, które w ostatnim miesiącu podały "
            "poprawny PIN z tego samego numeru. Sprawdź połączenia z ostatniej godziny w menu "
            "z samoobsługą. W Ustawieniach, w Menu głosowych, widać stan i można wznowić pytanie "
            "o PIN.",
        },
        "other-time": {
            "en": "Asked by phone for another time of their appointment",
            "ru": "Просьба по телефону: перенести встречу на другое время",
            "pl": "Prośba przez telefon: inny termin wizyty",
        },
        "other-time-details": {
            "en": "The appointment is at {day} {time}.",
            "ru": "Встреча назначена на {day} {time}.",
            "pl": "Wizyta jest umówiona na {day} {time}.",
        },
        "proved": {
            "en": "after customer number and PIN",
            "ru": "после ввода номера клиента и ПИН-кода",
            "pl": "po podaniu numeru klienta i kodu PIN",
        },
    }
)


def text(name: str, language: str, /, **values: str) -> str:
    texts = _TEXTS[name]
    return texts.get(language, texts[_USUAL]).format(**values)


def day_words(day: date, language: str) -> str:
    return f"{day:%d.%m.%Y}" if language in ("ru", "pl") else day.isoformat()


def appointment_words(at: datetime, language: str) -> str:
    """`at` in the time zone of whoever reads it."""
    day = day_words(at.date(), language)
    return text("other-time-details", language, day=day, time=f"{at:%H:%M}")
