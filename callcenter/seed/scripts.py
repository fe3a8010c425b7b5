"""Call scripts of the demo company, in the language in which it speaks with its callers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callcenter.scripts.script import Option, Script, Step

_LANGUAGES = {"PL": "pl", "RU": "ru", "BY": "ru", "KZ": "ru"}


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said, under the step it is said in; `x` of a choice are its answers."""

    sales: str
    debts: str
    steps: Mapping[str, tuple[str, str]]
    answers: Mapping[str, tuple[str, ...]]


_WORDS = {
    "en": _Words(
        "Sales call",
        "Overdue invoice",
        {
            "greet": ("Greet", "Good day {customer.name}, this is {operator.name}."),
            "need": ("What they need", "What are you looking for today?"),
            "trucks": ("How much", "How many loads a month is that?"),
            "when": ("From when", "From when do you need it?"),
            "offer": (
                "Offer",
                (
                    "I will send an offer for {answer.trucks} loads from "
                    "{answer.when} to {customer.organization} today."
                ),
            ),
            "pass": ("Pass on", "I connect you with my colleagues who know about that."),
            "debt": ("The debt", "Our books say that {customer.owes} is open. Is that right?"),
            "how": ("How to pay", "How would you like to pay?"),
            "card": ("Card data", "Please tell me the number of your card. Recording is paused."),
            "paid": ("By when", "On which day will you pay {customer.owes}?"),
            "promise": ("Promise", "I note that you pay on {answer.paid}. Thank you."),
            "why": ("Dispute", "What is wrong with the invoice?"),
        },
        {
            "need": ("Transport", "Something else"),
            "debt": ("Yes", "No, I dispute it"),
            "how": ("By card now", "By transfer"),
        },
    ),
    "pl": _Words(
        "Rozmowa sprzedażowa",
        "Zaległa faktura",
        {
            "greet": ("Powitanie", "Dzień dobry {customer.name}, mówi {operator.name}."),
            "need": ("Potrzeba", "Czego dziś Państwo szukają?"),
            "trucks": ("Ile", "Ile to ładunków miesięcznie?"),
            "when": ("Od kiedy", "Od kiedy będzie to potrzebne?"),
            "offer": (
                "Oferta",
                (
                    "Wyślę dziś ofertę na {answer.trucks} ładunków od {answer.when} "
                    "dla {customer.organization}."
                ),
            ),
            "pass": ("Przekazanie", "Łączę z kolegami, którzy się tym zajmują."),
            "debt": ("Zaległość", "W księgach mamy do zapłaty {customer.owes}. Czy to się zgadza?"),
            "how": ("Sposób zapłaty", "Jak chcą Państwo zapłacić?"),
            "card": ("Dane karty", "Proszę podać numer karty. Nagrywanie jest wstrzymane."),
            "paid": ("Do kiedy", "Którego dnia zapłacą Państwo {customer.owes}?"),
            "promise": ("Obietnica", "Zapisuję zapłatę na {answer.paid}. Dziękuję."),
            "why": ("Spór", "Co się nie zgadza na fakturze?"),
        },
        {
            "need": ("Transport", "Coś innego"),
            "debt": ("Tak", "Nie, kwestionuję"),
            "how": ("Kartą teraz", "Przelewem"),
        },
    ),
    "ru": _Words(
        "Разговор о продаже",
        "Просроченный счёт",
        {
            "greet": ("Приветствие", "Добрый день, {customer.name}! Меня зовут {operator.name}."),
            "need": ("Что нужно", "Что вы ищете сегодня?"),
            "trucks": ("Сколько", "Сколько это рейсов в месяц?"),
            "when": ("С какого дня", "С какого дня это нужно?"),
            "offer": (
                "Предложение",
                (
                    "Сегодня отправлю предложение на {answer.trucks} рейсов с "
                    "{answer.when} для {customer.organization}."
                ),
            ),
            "pass": ("Передать", "Соединяю с коллегами, которые этим занимаются."),
            "debt": ("Долг", "По нашим данным не оплачено {customer.owes}. Это так?"),
            "how": ("Как оплатить", "Как вам удобнее заплатить?"),
            "card": ("Данные карты", "Назовите номер карты. Запись приостановлена."),
            "paid": ("Когда", "В какой день вы заплатите {customer.owes}?"),
            "promise": ("Обещание", "Записываю оплату на {answer.paid}. Спасибо."),
            "why": ("Спор", "Что в счёте не так?"),
        },
        {
            "need": ("Перевозки", "Что-то другое"),
            "debt": ("Да", "Нет, я спорю с ним"),
            "how": ("Сейчас картой", "Переводом"),
        },
    ),
}


def scripts(region: str) -> tuple[Script, ...]:
    """Two that branch: for sales, and for who owes something."""
    words = _WORDS[_LANGUAGES.get(region, "en")]
    return (_sales(words), _debts(words))


def _sales(words: _Words) -> Script:
    steps = (
        _step(words, "greet", following="need"),
        _choice(words, "need", "trucks", "pass"),
        _step(words, "trucks", "number", "when"),
        _step(words, "when", "date", "offer"),
        _step(words, "offer"),
        _step(words, "pass"),
    )
    return Script(title=words.sales, queue="sales", steps=steps)


def _debts(words: _Words) -> Script:
    steps = (
        _step(words, "greet", following="debt"),
        _choice(words, "debt", "how", "why"),
        _choice(words, "how", "card", "paid"),
        _step(words, "card", "card_data"),
        _step(words, "paid", "date", "promise"),
        _step(words, "promise"),
        _step(words, "why", "text"),
    )
    return Script(title=words.debts, queue="debtors", steps=steps)


def _step(words: _Words, name: str, kind: str = "info", following: str = "") -> Step:
    title, text = words.steps[name]
    return Step(id=name, title=title, text=text, kind=kind, next=following)


def _choice(words: _Words, name: str, *ways: str) -> Step:
    title, text = words.steps[name]
    options = tuple(Option(*pair) for pair in zip(words.answers[name], ways, strict=True))
    return Step(id=name, title=title, text=text, kind="choice", options=options)
