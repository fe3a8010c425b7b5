"""Keeps mailboxes read and the outbox sent, each in a thread of its own, for as long as the worker
runs. What breaks is logged, counted and begun again after a growing pause."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import structlog
from prometheus_client import Counter, Gauge

from callcenter.channels.mail import FetchedMail, MailPosition
from callcenter.errors import Invalid, ProductError
from callcenter.gateways.mail_imap import FAULTS, Mailbox
from callcenter.gateways.mail_smtp import SmtpSender
from callcenter.gateways.sms_files import FileSms
from callcenter.gateways.sms_http import HttpSms
from callcenter.realtime.backoff import Backoff
from callcenter.rooms import outbox_of, room_of
from callcenter.runtime import Runtime
from callcenter.services import mail as mail_service
from callcenter.services import sending, texting
from callcenter.services.mail import MailRoom
from callcenter.settings import Settings
from callcenter.settings_channels import MailboxAddress

log = structlog.get_logger(__name__)
_MAILS = Counter("callcenter_mails_total", "Mails read from mailboxes", ["account", "outcome"])
_SENT = Counter("callcenter_messages_tried_total", "Messages of the outbox tried", ["channel"])
_BREAKS = Counter("callcenter_gateway_breaks_total", "Breaks of a gateway", ["gateway"])
_UP = Gauge("callcenter_gateway_up", "1 while a gateway works", ["gateway"])
_SEND_SECONDS = 1.0


class Gateways:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._outbox = outbox_of(runtime)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=partial(self._keep_up, name, work), name=name, daemon=True)
            for name, work in self._works(runtime.settings).items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout)

    def _works(self, settings: Settings) -> dict[str, Callable[[Callable[[], None]], None]]:
        """Name → what runs until it is stopped, or breaks."""
        works: dict[str, Callable[[Callable[[], None]], None]] = {
            f"mailbox {address.account}/{address.folder}": partial(self._read, address)
            for address in settings.mailboxes
        }
        if settings.mail_server is not None:
            works["mail out"] = partial(self._by_turns, "email", self._mails_out())
        if settings.sms is not None:
            works["sms"] = partial(self._by_turns, "sms", self._texts())
        return works

    def _keep_up(self, name: str, work: Callable[[Callable[[], None]], None]) -> None:
        backoff, up = Backoff(first=1.0, most=60.0), _UP.labels(name)

        def well() -> None:
            backoff.reset()
            up.set(1)

        while not self._stop.is_set():
            try:
                work(well)
            except (*FAULTS, ProductError) as error:
                up.set(0)
                _BREAKS.labels(name).inc()
                log.warning("gateway.broke", gateway=name, error=_words(error))
                self._stop.wait(backoff.next())
            except Exception:
                up.set(0)
                _BREAKS.labels(name).inc()
                log.exception("gateway.failed", gateway=name)
                self._stop.wait(backoff.next())

    def _read(self, address: MailboxAddress, well: Callable[[], None]) -> None:
        room = self._mail_room(address)

        def receive(fetched: FetchedMail, position: MailPosition) -> None:
            new = mail_service.receive(fetched, position, room)
            outcome = "set aside" if fetched.problem else "new" if new else "known"
            _MAILS.labels(address.account, outcome).inc()

        def seen() -> None:
            mail_service.seen(address.account, address.folder, room)
            well()

        Mailbox(
            address,
            position=lambda: mail_service.position_of(address.account, address.folder, room),
            start_at=lambda position: mail_service.start_at(position, room),
            receive=receive,
            seen=seen,
        ).serve(self._stop)

    def _mail_room(self, address: MailboxAddress) -> MailRoom:
        runtime = self._runtime
        return MailRoom(
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
            clock=runtime.clock,
            key=runtime.settings.secret_key,
            plan=runtime.settings.number_plan,
            files=runtime.files,
            queue=address.queue,
        )

    def _mails_out(self) -> Callable[[], int]:
        server = self._runtime.settings.mail_server
        assert server is not None  # noqa: S101 (asked by the caller)
        return partial(sending.send_mails, SmtpSender(server), self._outbox)

    def _texts(self) -> Callable[[], int]:
        settings = self._runtime.settings
        carrier = settings.sms
        assert carrier is not None  # noqa: S101 (asked by the caller)
        if carrier.kind == "http":
            sender = HttpSms(carrier, settings.sms_from)
            return partial(sending.send_texts, sender, self._outbox)
        files, room = FileSms(carrier, settings.sms_from), room_of(self._runtime)

        def one(document: Mapping[str, Any]) -> None:
            try:
                texting.receive(document, room, self._outbox, carrier.queue)
            except Invalid as error:
                log.warning("sms.refused", field=error.field, error=error.message)

        def turn() -> int:
            files.take_in(one)
            return sending.send_texts(files, self._outbox)

        return turn

    def _by_turns(self, channel: str, turn: Callable[[], int], well: Callable[[], None]) -> None:
        while not self._stop.is_set():
            _SENT.labels(channel).inc(turn())
            well()
            self._stop.wait(_SEND_SECONDS)


def _words(error: Exception) -> str:
    """Without what was sent: a server may repeat a log-in."""
    return f"{type(error).__name__}: {str(error)[:200]}"
