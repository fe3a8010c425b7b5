"""A voice menu of the demo company: languages, queues, and what callers do by themselves."""

from __future__ import annotations

from datetime import datetime

from callcenter.accounts.passwords import hash_password
from callcenter.menus.menu import (
    Act,
    Back,
    Go,
    Key,
    Menu,
    Repeat,
    Room,
    Serve,
    Speak,
    menu_to_json,
)
from callcenter.ports import UnitOfWork
from callcenter.routing.actions import ToMenu, ToQueue
from callcenter.routing.rules import Condition, Rule
from callcenter.speech.prompts import Prompt

MENU_NUMBER = "+48221000003"
DEMO_PIN = "2580"
"""Of one customer of the demo, so that somebody can try what callers do by themselves."""
TO_MENU = Rule(
    id="demo-menu",
    name="front-desk",
    title="Front desk menu",
    conditions=(Condition("dialed", (MENU_NUMBER,)),),
    action=ToMenu("main"),
)
_PROMPTS = (
    Prompt(
        key="front-desk",
        title="Front desk",
        texts={
            "en": "Welcome. For sales, press 1. For support, press 2. For your balance and orders, "
            "press 3. For Polish, press 8. For Russian, 9.",
            "pl": "Dzień dobry. Dział sprzedaży, wybierz 1. Pomoc, wybierz 2. Saldo i zamówienia, "
            "wybierz 3. In English, 7.",
            "ru": "Здравствуйте. Отдел продаж — нажмите 1. Поддержка — 2. Баланс и заказы — 3. "
            "In English, 7.",
        },
    ),
    Prompt(
        key="your-account",
        title="Your account",
        texts={
            "en": "For your balance, press 1. For your last order, 2. To promise to pay, 3. For "
            "your appointment, 4. To receive no more offers, 5. To speak with us, 0.",
            "pl": "Saldo, wybierz 1. Ostatnie zamówienie, 2. Obietnica zapłaty, 3. Wizyta, 4. "
            "Rezygnacja z ofert, 5. Rozmowa z konsultantem, 0.",
            "ru": "Баланс — нажмите 1. Последний заказ — 2. Обещание оплаты — 3. Ваша запись — 4. "
            "Отказ от предложений — 5. Поговорить с оператором — 0.",
        },
    ),
)
MENU = Menu(
    rooms=(
        Room(
            name="main",
            prompt="front-desk",
            keys=(
                Key("1", Act(ToQueue("sales"))),
                Key("2", Act(ToQueue("support"))),
                Key("3", Go("account")),
                Key("7", Speak("en")),
                Key("8", Speak("pl")),
                Key("9", Speak("ru")),
                Key("*", Repeat()),
            ),
        ),
        Room(
            name="account",
            prompt="your-account",
            keys=(
                Key("1", Serve("balance")),
                Key("2", Serve("order")),
                Key("3", Serve("promise")),
                Key("4", Serve("appointment")),
                Key("5", Serve("opt_out")),
                Key("0", Act(ToQueue("support"))),
                Key("#", Back()),
            ),
        ),
    ),
    otherwise=ToQueue("support"),
)


def add_menu(uow: UnitOfWork, customer_id: int, user_id: int, now: datetime) -> None:
    for prompt in _PROMPTS:
        uow.prompts.save(prompt, now)
    menu_id = uow.menus.add("main", "Front desk", now)
    uow.menus.save_draft(menu_id, menu_to_json(MENU), user_id=user_id, at=now)
    uow.menus.publish(menu_id, user_id=user_id, at=now)
    uow.pins.set(customer_id, hash_password(DEMO_PIN), user_id=user_id, at=now)
