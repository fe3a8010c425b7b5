"""Builds the product from its settings: engine, bus, clock. Nothing else does, and nothing at
import: store and Redis are loaded only when something is built.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine

from callcenter.clock import SystemClock
from callcenter.ports import Bus, Clock, UnitOfWork
from callcenter.runtime import Runtime, StartupError
from callcenter.settings import Settings


def build(settings: Settings, *, clock: Clock | None = None) -> Runtime:
    """Everything a door needs. Connects to nothing yet, except that Redis's threads start."""
    from callcenter.gateways.parquet_archive import ParquetArchive
    from callcenter.gateways.sound_folder import SoundFolder
    from callcenter.gateways.voice_espeak import EspeakVoice
    from callcenter.store import archive
    from callcenter.store import engine as store_engine
    from callcenter.store.archive_shapes import SHAPES
    from callcenter.store.file_store import FileStore
    from callcenter.store.unit_of_work import SqlUnitOfWork

    settings = with_secret_key(settings)
    engine = store_engine.create(settings.database_url)
    memory = f"{settings.archive_memory_mb}MB"
    months = ParquetArchive(settings.data_dir / "archive", SHAPES, memory=memory)
    archive.attach(engine, months)

    def unit_of_work() -> UnitOfWork:
        return SqlUnitOfWork(engine, settings.secret_key)

    return Runtime(
        settings=settings,
        clock=clock or SystemClock(),
        bus=build_bus(settings),
        unit_of_work=unit_of_work,
        reader=_reader(engine),
        files=FileStore(settings.data_dir / "files"),
        sounds=SoundFolder(settings.prompts_folder, EspeakVoice()),
        archive=months,
        on_close=(engine.dispose, months.close),
    )


def build_bus(settings: Settings) -> Bus:
    if settings.redis_url is None:
        from callcenter.realtime.in_process import InProcessBus

        return InProcessBus()
    from callcenter.realtime.redis_bus import RedisBus

    return RedisBus(settings.redis_url)


def _reader(engine: Engine) -> Callable[[], AbstractContextManager[Connection]]:
    options = {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}

    @contextmanager
    def read() -> Iterator[Connection]:
        with engine.connect().execution_options(**options) as connection:
            yield connection

    return read


def with_secret_key(settings: Settings) -> Settings:
    """An embedded product makes its own key and keeps it, so that log-ins outlive a restart."""
    if settings.secret_key or settings.redis_url:
        return settings
    path = settings.data_dir / "secret_key"
    try:
        key = path.read_text(encoding="ascii").strip() if path.exists() else _make_key(path)
    except OSError as error:
        raise StartupError(
            f"The folder {settings.data_dir} cannot be used ({error.strerror}). Make it writable "
            "for this user, name another in CALLCENTER_DATA, or set SECRET_KEY."
        ) from error
    return replace(settings, secret_key=key)


def _make_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of ours was first
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
    return key
