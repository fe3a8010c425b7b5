"""Reads a mailbox by IMAP: what is new since the stored position, then waits (IDLE, else by turns).

Never marks, moves or deletes a mail: the folder is opened read-only. The position (UIDVALIDITY and
UID) is stored with each mail in one transaction: a break at any moment loses and doubles nothing.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from callcenter.channels.mail import LARGEST_MAIL, FetchedMail, MailPosition
from callcenter.gateways.mail_reading import Unreadable, read_mail
from callcenter.settings_channels import MailboxAddress

FAULTS = (IMAPClientError, OSError, ssl.SSLError)
_IDLE_SLICE = 1.0
_POLL_SECONDS = 15.0
_IDLE_TURNS = 15
"""A mail that comes between our last look and IDLE is told of only when IDLE ends (seen with
Dovecot 2.3: `+ idling`, and `1 EXISTS` after DONE). So it ends as often as we would look anyhow."""
_AGAIN = timedelta(days=2)


class Mailbox:
    """One folder. `seen` is called whenever it was looked through to its end."""

    def __init__(
        self,
        address: MailboxAddress,
        position: Callable[[], MailPosition | None],
        start_at: Callable[[MailPosition], None],
        receive: Callable[[FetchedMail, MailPosition], Any],
        seen: Callable[[], None] = lambda: None,
    ) -> None:
        self._address = address
        self._position = position
        self._start_at = start_at
        self._receive = receive
        self._seen = seen

    def serve(self, stop: Event) -> None:
        """Until `stop`, or until something breaks: then raises one of FAULTS."""
        with self._opened() as client:
            while not stop.is_set():
                self.read_new(client)
                self._seen()
                self._wait(client, stop)

    def read_once(self) -> None:
        with self._opened() as client:
            self.read_new(client)
            self._seen()

    def read_new(self, client: IMAPClient) -> None:
        """Until the folder, selected anew, has nothing beyond the position. What comes after that
        moment IDLE tells of; what came while a search ran would be told in its answer alone."""
        while self._read_on(client):
            pass

    def _read_on(self, client: IMAPClient) -> bool:
        position, newest = self._starting(client)
        if position.last_uid >= newest:
            return False
        found = client.search(["UID", f"{position.last_uid + 1}:*"])
        # "n:*" always names the last mail, even one that is older than n.
        new = sorted(uid for uid in found if uid > position.last_uid)
        for uid in new:
            position = replace(position, last_uid=uid)
            self._receive(self._fetch(client, uid), position)
        if position.last_uid < newest:  # deleted since by whoever else reads it
            self._start_at(replace(position, last_uid=newest))
        return True

    @contextmanager
    def _opened(self) -> Iterator[IMAPClient]:
        address = self._address
        client = IMAPClient(
            address.host,
            port=address.port,
            ssl=address.tls,
            ssl_context=ssl.create_default_context() if address.tls else None,
            timeout=SocketTimeout(connect=10, read=60),
        )
        try:
            self._secure(client)
            client.login(address.user, address.password)
            yield client
        finally:
            with suppress(*FAULTS):
                client.logout()
            with suppress(*FAULTS):
                client.shutdown()

    def _secure(self, client: IMAPClient) -> None:
        if self._address.tls:
            return
        if client.has_capability("STARTTLS") and not self._address.local:
            client.starttls(ssl.create_default_context())
        elif not self._address.local:
            raise OSError("the mailbox's server offers no encryption")

    def _starting(self, client: IMAPClient) -> tuple[MailPosition, int]:
        """The stored position, and the newest number given out. A folder seen for the first time is
        read from now on; one that numbers anew, from two days back: what we have of it is known by
        its Message-ID."""
        told = client.select_folder(self._address.folder, readonly=True)
        validity, newest = int(told[b"UIDVALIDITY"]), int(told[b"UIDNEXT"]) - 1
        stored = self._position()
        if stored is not None and stored.uidvalidity == validity:
            return stored, newest
        last = newest
        if stored is not None:
            since = (datetime.now(UTC) - _AGAIN).date()
            last = min([newest + 1, *client.search(["SINCE", since])]) - 1
        fresh = MailPosition(
            account=self._address.account,
            folder=self._address.folder,
            uidvalidity=validity,
            last_uid=max(last, 0),
        )
        self._start_at(fresh)
        return fresh, newest

    @staticmethod
    def _fetch(client: IMAPClient, uid: int) -> FetchedMail:
        size = client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0)
        if size > LARGEST_MAIL:
            return FetchedMail(uid=uid, problem=f"larger than {LARGEST_MAIL // 1024 // 1024} MB")
        raw = client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
        if not raw:
            return FetchedMail(uid=uid, problem="it was gone before it could be read")
        try:
            return FetchedMail(uid=uid, mail=read_mail(raw))
        except Unreadable as error:
            return FetchedMail(uid=uid, problem=str(error))

    @staticmethod
    def _wait(client: IMAPClient, stop: Event) -> None:
        """Until something new is told of, or it is time to look by ourselves."""
        if not client.has_capability("IDLE"):
            stop.wait(_POLL_SECONDS)
            return
        client.idle()
        try:
            for _ in range(_IDLE_TURNS):
                if stop.is_set() or client.idle_check(timeout=_IDLE_SLICE):
                    return
        finally:
            client.idle_done()
