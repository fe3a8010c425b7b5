"""A centre of N operators in M queues, and its web process: `callcenter run web` by itself, as in
production, hearing of calls through Redis."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from ami.lab.ports import free_tcp_port
from callcenter import bootstrap
from callcenter.accounts.passwords import hash_password
from callcenter.accounts.user import UserDraft
from callcenter.runtime import Runtime
from callcenter.services import boards, operator_state
from callcenter.settings import Settings
from callcenter.store import migrate
from callcenter.wallboard.layout import Layout

PASSWORD = "bench only, a long password"
SECRET_KEY = "bench only, no secret at all, and long enough"
_START_SECONDS = 60.0
_WALLS = 10


@dataclass(frozen=True, slots=True)
class Centre:
    """`endpoints` of the operators, `tokens` of screens that show the board of all of it;
    one opens a few sockets only."""

    folder: Path
    settings: Settings
    queues: tuple[str, ...]
    endpoints: tuple[str, ...]
    tokens: tuple[str, ...]

    def build(self) -> Runtime:
        return bootstrap.build(self.settings)


def found(folder: Path, url: str, redis_url: str, *, operators: int, queues: int) -> Centre:
    """`url`: an empty database of PostgreSQL."""
    migrate.upgrade(url)
    settings = Settings(
        database_url=url, data_dir=folder, secret_key=SECRET_KEY, redis_url=redis_url
    )
    runtime = bootstrap.build(settings)
    names = tuple(f"queue{n:02}" for n in range(queues))
    people = [(f"PJSIP/{2001 + n}", f"operator{n}") for n in range(operators)]
    hashed, now = hash_password(PASSWORD), runtime.clock.now()
    with runtime.unit_of_work() as uow:
        admin = uow.users.add(
            UserDraft(username="admin", display_name="Admin", role="admin"), hashed, now
        )
        for name in names:
            values = {"title": name.title(), "wrap_up": "timed", "wrap_up_seconds": 3}
            uow.staffing.save_queue(name, values)
        ids = []
        for at, (endpoint, name) in enumerate(people):
            draft = UserDraft(username=name, display_name=f"Operator {at}", endpoint=endpoint)
            ids.append(uow.users.add(draft, hashed, now))
            uow.agents.begin(ids[-1], now)
            uow.staffing.set_skill(ids[-1], names[at % queues], 5)
        uow.commit()
    store = {"unit_of_work": runtime.unit_of_work, "clock": runtime.clock}
    for user_id in ids:
        operator_state.set_state(user_id, "ready", "", publisher=runtime.bus, **store)
    layout = Layout(title="Everything", callers_shown="none")
    board = boards.save_board(layout, user_id=admin, publisher=runtime.bus, **store)
    tokens = tuple(
        boards.open_wall(board, f"screen {n}", "en", user_id=admin, **store) for n in range(_WALLS)
    )
    runtime.close()
    return Centre(folder, settings, names, tuple(one for one, _ in people), tokens)


@contextmanager
def web(centre: Centre) -> Iterator[tuple[str, int]]:
    """(address, process id) of the web process, once it answers."""
    port = free_tcp_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": centre.settings.database_url,
        "CALLCENTER_DATA": str(centre.folder),
        "SECRET_KEY": SECRET_KEY,
        "REDIS_URL": str(centre.settings.redis_url),
        "WEB_BIND": f"127.0.0.1:{port}",
        "LOG_LEVEL": "warning",
    }
    command = [str(Path(sys.executable).with_name("callcenter")), "run", "web"]
    with (centre.folder / "web.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(address):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError((centre.folder / "web.log").read_text("utf-8")[-3000:])
            time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).ok
    except requests.RequestException:
        return False
