"""A real mailbox for tests: Dovecot on a free port with a folder and a user of its own."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from ami.lab.ports import free_tcp_port
from callcenter.settings_channels import MailboxAddress
from tests.support.waiting import wait_until

USER, PASSWORD = "desk@example.com", "secret-of-tests"
_NOBODY = 65534

_CONF = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
default_internal_user = {name}
default_internal_group = {group}
default_login_user = {name}
first_valid_uid = 0
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@dataclass
class Dovecot:
    folder: Path
    port: int

    @property
    def address(self) -> MailboxAddress:
        return MailboxAddress(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD,
            tls=False,
            account=USER,
            queue="support",
        )

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        client = IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=10)
        client.login(USER, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def deliver(self, raw: bytes) -> None:
        with self.client() as client:
            client.append("INBOX", raw)

    def empty(self) -> None:
        with self.client() as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search())
            client.expunge()

    def restart_folder(self) -> None:
        """The mailbox made anew: another UIDVALIDITY, numbers from the beginning."""
        with self.client() as client:
            client.select_folder("INBOX", readonly=True)
            kept = [
                item[b"BODY[]"] for item in client.fetch(client.search(), ["BODY.PEEK[]"]).values()
            ]
        shutil.rmtree(self.folder / "home")
        _make_home(self.folder)
        with self.client() as client:
            for raw in kept:
                client.append("INBOX", raw)


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="callcenter-dovecot-"))
    folder.chmod(0o755)
    port = free_tcp_port()
    _make_home(folder)
    conf = folder / "dovecot.conf"
    uid, gid = _who()
    conf.write_text(
        _CONF.format(
            folder=folder,
            name=pwd.getpwuid(uid).pw_name,
            group=grp.getgrgid(gid).gr_name,
            password=PASSWORD,
            uid=uid,
            gid=gid,
            port=port,
        )
    )
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    other = {"user": uid, "group": gid, "extra_groups": []} if os.geteuid() == 0 else {}
    process = subprocess.Popen([program, "-F", "-c", str(conf)], **other)  # type: ignore[call-overload]
    try:
        wait_until(lambda: _greets(port))
        yield Dovecot(folder, port)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _make_home(folder: Path) -> None:
    (folder / "home").mkdir()
    if os.geteuid() == 0:
        for path in (folder, folder / "home"):
            os.chown(path, _NOBODY, _NOBODY)


def _who() -> tuple[int, int]:
    """Dovecot neither logs in nor gives mail as root: then it is nobody's."""
    return (_NOBODY, _NOBODY) if os.geteuid() == 0 else (os.geteuid(), os.getegid())


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as greeted:
            return greeted.recv(10).startswith(b"* OK")
    except OSError:
        return False
