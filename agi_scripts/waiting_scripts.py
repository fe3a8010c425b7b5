"""Puts together the scripts for who waits, would rather be called back, or leaves a message."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Final, Protocol

from agi_scripts.callback import CallbackScript
from agi_scripts.lookup import LookupPool
from agi_scripts.message import MessageScript
from agi_scripts.once import OncePerSpell
from agi_scripts.prompts import Book, Prompts
from agi_scripts.server import Script
from agi_scripts.session import AgiSession
from agi_scripts.waiting import WaitingRoom, WaitingScript
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.queries import hours
from callcenter.runtime import Runtime
from callcenter.services import callback_requests
from callcenter.services.callback_requests import Noted, Wish
from callcenter.speech.builtin_waiting import WAITING

_QUICK: Final = 20.0
"""The answer itself is there within two; then a prompt may be spoken for the first time."""
_TALK: Final = 100.0
"""A little less than the dialplan's own limit, so that it is us who end it."""


class Speaker(Book, Protocol):
    def prepare(self, key: str, language: str) -> None: ...


class Preparing:
    """Has the prompts of waiting spoken, each language once, by a thread of its own: the first
    caller of a language would otherwise wait for each of them."""

    def __init__(self, book: Speaker) -> None:
        self._book = book
        self._begun: set[str] = set()

    def __call__(self, language: str) -> None:
        if language not in self._begun:
            self._begun.add(language)
            threading.Thread(target=self._run, args=(language,), daemon=True).start()

    def _run(self, language: str) -> None:
        for key in WAITING:
            self._book.prepare(key, language)


def waiting_scripts(
    runtime: Runtime, book: Speaker, pool: LookupPool, once: OncePerSpell
) -> dict[str, Script]:
    settings = runtime.settings
    only = settings.ami[0].name if len(settings.ami) == 1 else ""

    plan_of, number_of = plan_reader(runtime), number_reader(runtime)
    waiting = WaitingScript(
        room=WaitingRoom(runtime.reader, runtime.clock),
        book=book,
        pool=pool,
        once=once,
        number_of=number_of,
        prepare=Preparing(book),
        default_pbx=only,
    )
    callback = CallbackScript(
        note=_note(runtime),
        may_call=_may_call(runtime),
        prompts=Prompts(book),
        pool=pool,
        once=once,
        plan_of=plan_of,
        number_of=number_of,
        clock=runtime.clock,
        default_pbx=only,
    )
    return {
        "waiting": Script(answer=waiting, seconds=_QUICK),
        "message": Script(answer=MessageScript(book), seconds=_QUICK),
        "callback": Script(answer=callback, seconds=_TALK, long=True),
    }


def plan_reader(runtime: Runtime) -> Callable[[AgiSession], NumberPlan]:
    settings = runtime.settings
    return lambda session: settings.number_plan_for(trunk_of(session, settings.trunks))


def number_reader(runtime: Runtime) -> Callable[[AgiSession], str]:
    """Of the caller, E.164; '' for a hidden one."""
    plan_of = plan_reader(runtime)

    def number_of(session: AgiSession) -> str:
        if session.request.caller_hidden:
            return ""
        caller = session.request.get("agi_callerid")
        return parse_number(caller, plan_of(session), internal_allowed=False).e164

    return number_of


def trunk_of(session: AgiSession, patterns: tuple[str, ...]) -> str:
    endpoint = session.request.endpoint
    return endpoint if any(fnmatchcase(endpoint, one) for one in patterns) else ""


def _note(runtime: Runtime) -> Callable[[Wish], Noted]:
    def note(wish: Wish) -> Noted:
        return callback_requests.request(
            wish,
            opening_at(runtime),
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
            clock=runtime.clock,
        )

    return note


def opening_at(runtime: Runtime) -> callback_requests.Opening:
    def opening(calendar: str, at: datetime) -> datetime | None:
        if not calendar:
            return at
        with runtime.reader() as connection:
            return hours.opening(connection, calendar, at)

    return opening


def _may_call(runtime: Runtime) -> Callable[[str], bool]:
    def may_call(number: str) -> bool:
        with runtime.unit_of_work() as uow:
            return callback_requests.may_be_called(uow, number)

    return may_call
