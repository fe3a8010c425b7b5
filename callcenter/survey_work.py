"""What the worker does for surveys: sends links some minutes after calls, and finds the contacts of
answers that came before their call was written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from callcenter.loops import Loop
from callcenter.queries import surveys as queries
from callcenter.rooms import room_of
from callcenter.runtime import Runtime
from callcenter.services import survey_answers, survey_links
from callcenter.services.survey_answers import SurveyRoom
from callcenter.settings import Settings

_EVERY: Final = 10.0
_OVERLAP: Final = timedelta(minutes=5)
"""Calls that the ledger brings or mends a little later are looked at as well."""
_A_DAY: Final = timedelta(days=1)


def visitors_address(settings: Settings) -> str:
    """Where callers' browsers reach us; '' where nobody has said."""
    return settings.visitors_url or settings.public_url or ""


def loop(runtime: Runtime) -> Loop:
    """Looks first, so that nothing is locked while there is nothing to do."""
    links = _Links(runtime)

    def turn() -> int:
        links.send()
        links.link_up()
        return 0

    return Loop("surveys", turn, _EVERY)


class _Links:
    """Remembers until when calls were looked at, so that each turn reads a few and no more."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._seen: datetime | None = None

    def send(self) -> None:
        runtime, now = self._runtime, self._runtime.clock.now()
        address = visitors_address(runtime.settings)
        with runtime.reader() as connection:
            asked = bool(address) and queries.has_links(connection)
        if asked:
            since = self._seen or now - survey_links.WINDOW
            survey_links.send_due(room_of(runtime), address, since - _OVERLAP)
        self._seen = now

    def link_up(self) -> None:
        runtime = self._runtime
        with runtime.reader() as connection:
            waiting = queries.has_unlinked(connection, runtime.clock.now() - _A_DAY)
        if waiting:
            survey_answers.link_up(
                SurveyRoom(
                    unit_of_work=runtime.unit_of_work, publisher=runtime.bus, clock=runtime.clock
                )
            )
