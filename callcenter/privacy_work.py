"""The worker's part in data protection: copies of what we know of a person, bytes that have to go,
figures that change by night.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from callcenter.calls.record import CallRecord
from callcenter.errors import NotFound
from callcenter.loops import Loop
from callcenter.ports.privacy import PrivacyJob
from callcenter.privacy import report
from callcenter.queries import personal_data as queries
from callcenter.queries.personal_data import Everything
from callcenter.recordings import files as sound_files
from callcenter.recordings.listing import recordings_of
from callcenter.runtime import Runtime
from callcenter.services import import_files, personal_data, retention

_LARGEST = 2**34


def loop(runtime: Runtime) -> Loop:
    return Loop("privacy", lambda: turn(runtime), idle=2.0)


def turn(runtime: Runtime) -> int:
    """Everything that waits. How much it was."""
    with runtime.reader() as connection:
        if not queries.waits(connection):
            return 0
    count = 0
    while (job := _next(runtime)) is not None:
        _export(runtime, job)
        count += 1
    return count + retention.remove_doomed(removers_of(runtime), unit_of_work=runtime.unit_of_work)


def _next(runtime: Runtime) -> PrivacyJob | None:
    with runtime.unit_of_work() as uow:
        job = uow.privacy.next_job()
        if job is not None:
            uow.privacy.update_job(job.id, {"state": "running"})
            uow.commit()
    return job


def removers_of(runtime: Runtime) -> Mapping[str, Callable[[str], None]]:
    """How bytes of each kind are taken away."""
    data = runtime.settings.data_dir

    def sound(name: str) -> None:
        path = _sound(runtime, name)
        if path is not None:
            path.unlink(missing_ok=True)

    return {
        "file": runtime.files.remove,
        "recording": sound,
        "import": lambda name: import_files.remove(data / "imports", name),
        "export": lambda name: import_files.remove(data / "exports", name),
    }


def _sound(runtime: Runtime, name: str) -> Path | None:
    """Where a recording lies that an erasure named; None where it never did, or not any more."""
    pbx, began, file = name.split("\t", 2)
    folder = runtime.settings.recordings_folder(pbx)
    if folder is None:
        return None
    return sound_files.find(folder, file, datetime.fromisoformat(began) if began else None)


def _export(runtime: Runtime, job: PrivacyJob) -> None:
    with runtime.reader() as connection:
        found = queries.everything(connection, job.customer_id)
    stored_as, size = ("", 0) if found is None else _pack(runtime, found)
    personal_data.finish_export(
        job,
        stored_as,
        size,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        publisher=runtime.bus,
    )


def _pack(runtime: Runtime, found: Everything) -> tuple[str, int]:
    """On the disk, not in memory: recordings are large."""
    with tempfile.TemporaryFile(dir=_beside(runtime)) as whole:
        with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
            _write(runtime, found, archive)
        whole.seek(0)
        stored_as, size, _ = runtime.files.keep_stream(whole, limit=_LARGEST)
    return stored_as, size


def _beside(runtime: Runtime) -> Path:
    runtime.settings.data_dir.mkdir(parents=True, exist_ok=True)
    return runtime.settings.data_dir


def _write(runtime: Runtime, found: Everything, archive: ZipFile) -> None:
    made_at = runtime.clock.now().isoformat(timespec="seconds")
    told = {"name": found.name, "made_at": made_at, **found.sections}
    archive.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1))
    archive.writestr("data.html", report.page(found.name, made_at, found.sections))
    for one in found.files:
        try:
            archive.write(runtime.files.path(one.stored_as), f"files/{_safe(one.name)}")
        except NotFound:
            archive.writestr(f"files/{_safe(one.name)}.missing.txt", "The file is not there.\n")
    for record in found.calls:
        for path in _sounds(runtime, record):
            archive.write(path, f"recordings/{_safe(path.name)}")


def _sounds(runtime: Runtime, record: CallRecord) -> Iterator[Path]:
    folder = runtime.settings.recordings_folder(record.pbx)
    if folder is None:
        return
    for one in recordings_of(record):
        path = sound_files.find(folder, one.file, one.started_at or record.started_at)
        if path is not None:
            yield path


def _safe(name: str) -> str:
    """No way out of the folder that it is unpacked into."""
    return name.replace("/", "_").replace("\\", "_").lstrip(".") or "file"
