"""What must hold before services start, each failure in words: what is wrong, what to do."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Collection
from pathlib import Path

from callcenter.runtime import StartupError
from callcenter.settings import BindAddress, Settings


def check_split(settings: Settings, named: Collection[str], known: Collection[str]) -> None:
    """Processes that share work need a bus and a database that processes can share."""
    apart = sorted(set(known) - set(named))
    if not apart:
        return
    lacking = []
    if settings.redis_url is None:
        lacking.append("REDIS_URL (redis://HOST:6379/0)")
    if settings.is_sqlite:
        lacking.append("a PostgreSQL DATABASE_URL (postgresql://USER:PASSWORD@HOST/DATABASE)")
    if "web" in named and not settings.secret_key:
        lacking.append("SECRET_KEY (the same for every web process)")
    if lacking:
        raise StartupError(
            f"Running {', '.join(sorted(named))} without {', '.join(apart)} splits the product "
            f"into several processes; that requires {' and '.join(lacking)}. "
            "Set it, or run everything in one process: callcenter run"
        )


def check_port(name: str, bind: BindAddress) -> None:
    if not bind.port:
        return
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(bind)
        except OSError as error:
            raise StartupError(_port_words(name, bind, error)) from error


def _port_words(name: str, bind: BindAddress, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {bind.port} on {bind.host} is in use by another program. Stop that program "
            f"(ss -ltnp 'sport = :{bind.port}' shows it) or set {name} to another port."
        )
    if error.errno == errno.EACCES:
        return f"Port {bind.port} needs root. Set {name} to a port above 1023."
    return f"Cannot listen on {bind} ({error.strerror}). Set {name} to an address of this machine."


def check_folders(settings: Settings) -> None:
    folders = {settings.data_dir}
    if settings.sqlite_path is not None:
        folders.add(settings.sqlite_path.parent)
    for folder in folders:
        _check_folder(folder)
    path = settings.sqlite_path
    if path is not None and path.exists() and not os.access(path, os.W_OK):
        raise StartupError(
            f"The database file {path} is read-only for this user. "
            "Make it writable or name another in DATABASE_URL."
        )


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartupError(
            f"The folder {folder} cannot be written to ({error.strerror}). Make it writable for "
            "this user, or name others in DATABASE_URL and CALLCENTER_DATA."
        ) from error
