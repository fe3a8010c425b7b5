"""Prompts that the product brings itself, in every language that callers hear. Pure.

A company may say any of them in its own words (`/prompts`): the key stays, the text is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callcenter.speech.builtin_survey import SURVEY
from callcenter.speech.builtin_waiting import WAITING

LOCALES: Final = ("en", "ru", "pl")
"""The languages that callers hear; the first is what is spoken when nothing else is known."""

_MENUS: Final = {
    "menu-main": {
        "en": "Welcome. For sales, press 1. For support, press 2.",
        "ru": "Здравствуйте. Отдел продаж — нажмите 1. Поддержка — нажмите 2.",
        "pl": "Dzień dobry. Dział sprzedaży, wybierz 1. Pomoc, wybierz 2.",
    },
    "menu-language": {
        "en": "For English, press 1.",
        "ru": "Чтобы продолжить по-русски, нажмите 3.",
        "pl": "Aby kontynuować po polsku, wybierz 2.",
    },
    "menu-invalid": {
        "en": "This key has no meaning here.",
        "ru": "Такого варианта нет.",
        "pl": "Nie ma takiej opcji.",
    },
    "menu-nothing": {
        "en": "We have not heard your choice.",
        "ru": "Мы не услышали ваш выбор.",
        "pl": "Nie usłyszeliśmy wyboru.",
    },
    "menu-connecting": {
        "en": "We are putting you through.",
        "ru": "Соединяем вас со специалистом.",
        "pl": "Łączymy z konsultantem.",
    },
    "closed": {
        "en": "We are closed now. Please call again during our opening hours.",
        "ru": "Сейчас мы не работаем. Пожалуйста, позвоните в рабочее время.",
        "pl": "Obecnie nie pracujemy. Prosimy o telefon w godzinach pracy.",
    },
}

_IDENTIFICATION: Final = {
    "ask-customer-number": {
        "en": "Please key in your customer number, then press hash.",
        "ru": "Введите номер клиента и нажмите решётку.",
        "pl": "Proszę wprowadzić numer klienta i nacisnąć krzyżyk.",
    },
    "ask-pin": {
        "en": "Please key in your PIN, then press hash.",
        "ru": "Введите ПИН-код и нажмите решётку.",
        "pl": "Proszę wprowadzić kod PIN i nacisnąć krzyżyk.",
    },
    # One answer for every reason: it must not tell which of the two was wrong.
    "identification-failed": {
        "en": "The customer number and the PIN do not match, or they cannot be used now.",
        "ru": "Номер клиента и ПИН-код не подходят друг к другу или сейчас не принимаются.",
        "pl": "Numer klienta i PIN nie pasują do siebie lub nie mogą być teraz użyte.",
    },
    "identification-ended": {
        "en": "We could not identify you. An operator will help you.",
        "ru": "Не удалось подтвердить, кто вы. Вам поможет оператор.",
        "pl": "Nie udało się potwierdzić tożsamości. Pomoże konsultant.",
    },
    "identification-halted": {
        "en": "We cannot identify you by PIN at the moment. An operator will help you.",
        "ru": "Сейчас мы не можем подтвердить вашу личность ПИН-кодом. Вам поможет оператор.",
        "pl": "W tej chwili nie możemy potwierdzić tożsamości kodem PIN. Pomoże konsultant.",
    },
    "identified": {"en": "Thank you.", "ru": "Спасибо.", "pl": "Dziękujemy."},
}

_SELF_SERVICE: Final = {
    "you-owe": {
        "en": "Your balance to pay is",
        "ru": "К оплате:",
        "pl": "Do zapłaty:",
    },
    "pay-by": {"en": "to be paid by", "ru": "оплатить до", "pl": "termin płatności:"},
    "was-due": {"en": "it was due on", "ru": "срок оплаты был", "pl": "termin minął:"},
    "you-owe-nothing": {
        "en": "You have nothing to pay.",
        "ru": "У вас нет неоплаченных счетов.",
        "pl": "Nie ma nic do zapłaty.",
    },
    "no-orders": {
        "en": "We find no order of yours.",
        "ru": "Ваших заказов мы не нашли.",
        "pl": "Nie znajdujemy zamówienia.",
    },
    "order-number": {"en": "Order number", "ru": "Заказ номер", "pl": "Zamówienie numer"},
    "order-of": {"en": "of", "ru": "от", "pl": "z dnia"},
    "order-open": {
        "en": "is being prepared.",
        "ru": "готовится.",
        "pl": "jest w przygotowaniu.",
    },
    "order-sent": {"en": "has been sent.", "ru": "отправлен.", "pl": "zostało wysłane."},
    "order-done": {"en": "is completed.", "ru": "выполнен.", "pl": "jest zrealizowane."},
    "order-cancelled": {
        "en": "was cancelled.",
        "ru": "отменён.",
        "pl": "zostało anulowane.",
    },
    "promise-offer": {
        "en": "To promise to pay by this day, press 1. To choose another day, press 2:",
        "ru": "Чтобы обещать оплату до этого дня, нажмите 1. Чтобы выбрать другой день, нажмите 2:",
        "pl": "Aby obiecać zapłatę do tego dnia, wybierz 1. Aby wybrać inny dzień, wybierz 2:",
    },
    "ask-day": {
        "en": "Key in the day and the month, two digits each. For the third of May: 0 3 0 5.",
        "ru": "Введите день и месяц, по две цифры. Третье мая: 0 3 0 5.",
        "pl": "Proszę wprowadzić dzień i miesiąc, po dwie cyfry. Trzeci maja: 0 3 0 5.",
    },
    "day-refused": {
        "en": "We cannot take this day.",
        "ru": "Этот день не подходит.",
        "pl": "Tego dnia nie możemy przyjąć.",
    },
    "promise-kept": {
        "en": "Thank you. We have noted your promise to pay by",
        "ru": "Спасибо. Мы записали, что вы оплатите до",
        "pl": "Dziękujemy. Zapisaliśmy obietnicę zapłaty do dnia",
    },
    "appointment-none": {
        "en": "You have no appointment with us.",
        "ru": "У вас нет записи.",
        "pl": "Nie ma umówionej wizyty.",
    },
    "appointment-is": {
        "en": "Your appointment is on",
        "ru": "Вы записаны на",
        "pl": "Wizyta jest umówiona na dzień",
    },
    "at-time": {"en": "at", "ru": "в", "pl": "o godzinie"},
    "appointment-offer": {
        "en": "To have it changed, press 1.",
        "ru": "Чтобы её изменить, нажмите 1.",
        "pl": "Aby ją zmienić, wybierz 1.",
    },
    "appointment-noted": {
        "en": "Thank you. We will call you to agree on another time.",
        "ru": "Спасибо. Мы позвоним вам, чтобы выбрать другое время.",
        "pl": "Dziękujemy. Zadzwonimy, aby uzgodnić inny termin.",
    },
    "opt-out-offer": {
        "en": "To receive no more calls and messages with offers, press 1.",
        "ru": "Чтобы больше не получать звонков и сообщений с предложениями, нажмите 1.",
        "pl": "Aby nie otrzymywać więcej telefonów i wiadomości z ofertami, wybierz 1.",
    },
    "opt-out-noted": {
        "en": "Done. We will not send you offers any more.",
        "ru": "Готово. Мы больше не будем присылать вам предложения.",
        "pl": "Gotowe. Nie będziemy już przesyłać ofert.",
    },
    "service-failed": {
        "en": "This does not work at the moment.",
        "ru": "Сейчас это не работает.",
        "pl": "Obecnie to nie działa.",
    },
    "goodbye": {"en": "Goodbye.", "ru": "До свидания.", "pl": "Do widzenia."},
}

_RECORDING: Final = {
    "record-after-tone": {
        "en": "Record the prompt after the tone, then press hash.",
        "ru": "После сигнала запишите текст и нажмите решётку.",
        "pl": "Po sygnale proszę nagrać tekst i nacisnąć krzyżyk.",
    },
    "record-keep": {
        "en": "To keep it, press 1. To record it again, press 2. To listen again, press 3.",
        "ru": "Сохранить — нажмите 1. Записать снова — нажмите 2. Прослушать — нажмите 3.",
        "pl": "Aby zachować, wybierz 1. Aby nagrać ponownie, wybierz 2. Aby odsłuchać, wybierz 3.",
    },
    "record-kept": {"en": "It is kept.", "ru": "Сохранено.", "pl": "Zapisano."},
    "record-unknown": {
        "en": "No recording is waiting for you.",
        "ru": "Для вас нет ожидающей записи.",
        "pl": "Nie czeka żadne nagranie.",
    },
}

BUILTIN: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        **_MENUS,
        **_IDENTIFICATION,
        **_SELF_SERVICE,
        **_RECORDING,
        **WAITING,
        **SURVEY,
    }
)
"""Key → {locale: text}."""
SERVICE_PROMPTS: Final = (*_IDENTIFICATION, *_SELF_SERVICE)
"""What callers hear who do something by themselves."""
