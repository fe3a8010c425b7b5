"""What callers hear who wait, who would rather be called back, and who leave a message. Pure."""

from __future__ import annotations

from typing import Final

_EN = {1: "one minute", 2: "two minutes", 3: "three minutes", 4: "four minutes", 5: "five minutes"}
_EN |= {7: "seven minutes", 10: "ten minutes", 15: "fifteen minutes", 20: "twenty minutes"}
_EN |= {25: "twenty-five minutes", 30: "half an hour"}
_RU = {1: "одной минуты", 2: "двух минут", 3: "трёх минут", 4: "четырёх минут", 5: "пяти минут"}
_RU |= {7: "семи минут", 10: "десяти минут", 15: "пятнадцати минут", 20: "двадцати минут"}
_RU |= {25: "двадцати пяти минут", 30: "получаса"}
_PL = {1: "jedną minutę", 2: "dwie minuty", 3: "trzy minuty", 4: "cztery minuty", 5: "pięć minut"}
_PL |= {7: "siedem minut", 10: "dziesięć minut", 15: "piętnaście minut", 20: "dwadzieścia minut"}
_PL |= {25: "dwadzieścia pięć minut", 30: "pół godziny"}

MINUTES: Final = tuple(_EN)
"""For which there is a prompt `wait-under-N`."""

WAITING: Final[dict[str, dict[str, str]]] = {
    "wait-again": {
        "en": "Thank you for calling again. You have kept the time that you have already waited.",
        "ru": "Спасибо, что перезвонили. Время, которое вы уже ждали, засчитано.",
        "pl": "Dziękujemy za ponowny telefon. Czas dotychczasowego oczekiwania został zaliczony.",
    },
    "wait-next": {
        "en": "You are next in the queue.",
        "ru": "Вы следующий в очереди.",
        "pl": "Jesteś następną osobą w kolejce.",
    },
    "wait-position": {
        "en": "Your place in the queue is number",
        "ru": "Ваше место в очереди:",
        "pl": "Twoje miejsce w kolejce:",
    },
    "wait-over": {
        "en": "You may have to wait for more than half an hour.",
        "ru": "Возможно, ждать придётся больше получаса.",
        "pl": "Czas oczekiwania może przekroczyć pół godziny.",
    },
    "wait-message": {
        "en": "We have not forgotten you. The next free colleague will take your call.",
        "ru": "Мы помним о вас. Вам ответит первый освободившийся сотрудник.",
        "pl": "Pamiętamy o Tobie. Odbierze pierwsza wolna osoba.",
    },
    "callback-offer": {
        "en": "To be called back without losing your place, press 1.",
        "ru": "Чтобы мы перезвонили, а ваше место сохранилось, нажмите 1.",
        "pl": "Aby oddzwonić do Ciebie bez utraty miejsca w kolejce, wybierz 1.",
    },
    "message-offer": {
        "en": "To leave a message, press 2.",
        "ru": "Чтобы оставить сообщение, нажмите 2.",
        "pl": "Aby zostawić wiadomość, wybierz 2.",
    },
    "callback-number": {
        "en": "We will call you back at",
        "ru": "Мы перезвоним по номеру",
        "pl": "Oddzwonimy na numer",
    },
    "callback-confirm": {
        "en": "If that is right, press 1. For another number, press 2. To go on waiting, press 3.",
        "ru": "Если верно, нажмите 1. Другой номер — нажмите 2. Ждать дальше — нажмите 3.",
        "pl": "Jeśli numer się zgadza, wybierz 1. Inny numer, wybierz 2. Czekać dalej, wybierz 3.",
    },
    "callback-ask-number": {
        "en": "Key in the number with its area code, then press hash.",
        "ru": "Введите номер с кодом города и нажмите решётку.",
        "pl": "Wprowadź numer z kierunkowym i naciśnij krzyżyk.",
    },
    "callback-bad-number": {
        "en": "We cannot call this number.",
        "ru": "На этот номер мы не можем позвонить.",
        "pl": "Na ten numer nie możemy zadzwonić.",
    },
    "callback-noted": {
        "en": "Thank you. You keep your place: we will call you when it is your turn. Goodbye.",
        "ru": "Спасибо. Место сохранено: мы позвоним, когда подойдёт очередь. До свидания.",
        "pl": "Dziękujemy. Miejsce jest zachowane: zadzwonimy, gdy przyjdzie kolej. Do widzenia.",
    },
    "callback-later": {
        "en": "We will call you during our opening hours.",
        "ru": "Мы позвоним в рабочее время.",
        "pl": "Zadzwonimy w godzinach pracy.",
    },
    "callback-failed": {
        "en": "We could not note it. You are still in the queue.",
        "ru": "Записать не получилось. Вы остаётесь в очереди.",
        "pl": "Nie udało się tego zapisać. Nadal czekasz w kolejce.",
    },
    "message-greeting": {
        "en": "Please leave your message after the tone. When you are done, press hash or hang up.",
        "ru": "Оставьте сообщение после сигнала. В конце нажмите решётку или положите трубку.",
        "pl": "Zostaw wiadomość po sygnale. Na koniec naciśnij krzyżyk lub rozłącz się.",
    },
    "message-thanks": {
        "en": "Thank you. Your message has reached us. Goodbye.",
        "ru": "Спасибо. Ваше сообщение получено. До свидания.",
        "pl": "Dziękujemy. Wiadomość została przyjęta. Do widzenia.",
    },
    **{
        f"wait-under-{minutes}": {
            "en": f"You will probably wait less than {_EN[minutes]}.",
            "ru": f"Скорее всего, ждать меньше {_RU[minutes]}.",
            "pl": f"Przewidywany czas oczekiwania to mniej niż {_PL[minutes]}.",
        }
        for minutes in _EN
    },
}
