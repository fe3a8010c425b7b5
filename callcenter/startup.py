"""What must hold before services start, each failure in words: what is wrong, what to do."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import start_http_server
from sqlalchemy.exc import DBAPIError, OperationalError

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
    if {"web", "ami", "worker"} & set(named) and not settings.secret_key:
        lacking.append("SECRET_KEY (the same for every web, ami and worker process)")
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
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartupError(
            f"The folder {folder} cannot be written to ({error.strerror}). Make it writable for "
            "this user, or name others in DATABASE_URL and CALLCENTER_DATA."
        ) from error


def check_database(settings: Settings) -> None:
    """The schema must be this version's, neither older nor newer."""
    from callcenter.store import migrate

    with database_words(settings):
        state = migrate.state(settings.database_url)
    if state == "older":
        raise StartupError(
            "The database is older than this version of the product (or empty). "
            "Run: callcenter db upgrade"
        )
    if state == "newer":
        raise StartupError(
            "The database was upgraded by a newer version of the product. "
            "Install that version, or restore a backup taken before the upgrade."
        )


@contextmanager
def database_words(settings: Settings) -> Iterator[None]:
    """Turn a driver's error into what is wrong and what to do."""
    try:
        yield
    except OperationalError as error:
        reason = " ".join(str(error.orig).split())
        where = settings.sqlite_path or "that DATABASE_URL names"
        raise StartupError(
            f"The database {where} cannot be used: {reason}. Check that it runs, and the user, "
            "password and name in DATABASE_URL."
        ) from error
    except DBAPIError as error:
        if settings.sqlite_path is None:
            raise
        raise StartupError(
            f"{settings.sqlite_path} is not a database of this product ({error.orig}). "
            "Name another file in DATABASE_URL, or restore it from a backup."
        ) from error


@contextmanager
def metrics_server(settings: Settings) -> Iterator[None]:
    """Prometheus figures of a process without a web door, if METRICS_BIND asks for them."""
    bind = settings.metrics_bind
    if bind is None:
        yield
        return
    check_port("METRICS_BIND", bind)
    server, thread = start_http_server(bind.port, bind.host)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=2)
