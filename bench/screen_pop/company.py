"""A company of N operators and its product: the command `callcenter run`, all in one process."""

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
from callcenter.customers.customer import CustomerDraft, StoredPhone
from callcenter.settings import Settings
from callcenter.store import migrate

PASSWORD = "bench only, a long password"
SECRET_KEY = "bench only, no secret at all, and long enough"
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Company:
    """`operators` are (extension, log-in name), `callers` (number, the name on the card)."""

    folder: Path
    database_url: str
    operators: tuple[tuple[str, str], ...]
    callers: tuple[tuple[str, str], ...]


def found(folder: Path, operators: int, customers: int) -> Company:
    url = f"sqlite:///{folder / 'bench.db'}"
    migrate.upgrade(url)
    people = tuple((str(2001 + n), f"operator{n}") for n in range(operators))
    callers = tuple((f"+48601{n:06d}", f"Caller Number {n}") for n in range(customers))
    runtime = bootstrap.build(Settings(database_url=url, data_dir=folder, secret_key=SECRET_KEY))
    hashed, now = hash_password(PASSWORD), runtime.clock.now()
    with runtime.unit_of_work() as uow:
        for extension, name in people:
            endpoint = f"PJSIP/{extension}"
            draft = UserDraft(username=name, display_name=name, role="operator", endpoint=endpoint)
            uow.users.add(draft, hashed, now)
        for number, name in callers:
            phone = StoredPhone(e164=number, kind="mobile", is_primary=True)
            uow.customers.add(CustomerDraft(display_name=name), [phone], None, now)
        uow.commit()
    runtime.close()
    return Company(folder, url, people, callers)


@contextmanager
def running(company: Company, ami_url: str, agi: tuple[str, int]) -> Iterator[str]:
    """The address of the product, once it says that it is ready."""
    port = free_tcp_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": company.database_url,
        "CALLCENTER_DATA": str(company.folder),
        "SECRET_KEY": SECRET_KEY,
        "AMI_URL": ami_url,
        "AGI_BIND": f"{agi[0]}:{agi[1]}",
        "WEB_BIND": f"127.0.0.1:{port}",
        "LOG_LEVEL": "warning",
    }
    command = [str(Path(sys.executable).with_name("callcenter")), "run"]
    with (company.folder / "product.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_ready(address, process, company.folder / "product.log")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{address}/readyz", timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the product did not get ready:\n{log.read_text('utf-8')[-3000:]}")
