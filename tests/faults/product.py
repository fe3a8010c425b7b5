"""The product in one of its two shapes, with the servers it needs and bad links in between."""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from ami.lab.ports import free_tcp_port
from callcenter import bootstrap
from callcenter.accounts.user import UserDraft
from callcenter.customers.customer import CustomerDraft, PhoneDraft
from callcenter.services.customers import create_customer
from callcenter.settings import Settings
from callcenter.store import migrate
from tests.faults.disks import SmallDisk
from tests.faults.pbx import EXTENSIONS, WitnessedPbx
from tests.faults.processes import Supervisor
from tests.faults.proxy import Proxy
from tests.support.servers import PostgresServer, RedisServer

_DATA_MEGABYTES = 192


class ProductUnderTest:
    """`split`: ami, agi, web and worker apart, on PostgreSQL and Redis. Else all in one, SQLite."""

    def __init__(self, pbx: WitnessedPbx, folder: Path, *, split: bool) -> None:
        self.split = split
        self.pbx = pbx
        self._stack = ExitStack()
        (folder / "logs").mkdir(parents=True)
        self.data_disk = SmallDisk(folder / "data", _DATA_MEGABYTES)
        self._stack.callback(self.data_disk.close)
        self.link = self._proxy(pbx.plan.ports.ami)
        self.postgres: PostgresServer | None = None
        self.redis: RedisServer | None = None
        self.database: Proxy | None = None
        self.database_url = f"sqlite:///{self.data_disk.folder}/callcenter.db"
        addresses = {"DATABASE_URL": self.database_url}
        if split:
            addresses = self._start_servers()
        migrate.upgrade(self.database_url)
        # Seen from here the real address: faults of the link must not blind the comparison.
        self._engine = create_engine(self.database_url, poolclass=NullPool)
        self.processes = Supervisor(self._environment(addresses), folder / "logs")
        for unit, services in self._units().items():
            self.processes.add(unit, *services)

    def _proxy(self, port: int) -> Proxy:
        proxy = Proxy(port)
        self._stack.callback(proxy.close)
        return proxy

    def _start_servers(self) -> dict[str, str]:
        self.postgres, self.redis = PostgresServer(), RedisServer()
        self._stack.callback(self.postgres.close)
        self._stack.callback(self.redis.close)
        name = self.postgres.create_database()
        # The tests' server runs without durability; what a crash may lose is part of the question.
        self.postgres.execute(f"alter database {name} set synchronous_commit = on")
        self.database_url = self.postgres.url(name)
        self.database = self._proxy(self.postgres.port)
        through = self.database_url.replace(f":{self.postgres.port}/", f":{self.database.port}/")
        return {
            "DATABASE_URL": through.replace("+psycopg", ""),
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": secrets.token_hex(24),
        }

    def _units(self) -> dict[str, tuple[str, ...]]:
        if not self.split:
            return {"product": ()}
        return {"ami": ("ami",), "agi": ("agi",), "web": ("web",), "worker": ("worker",)}

    def _environment(self, addresses: dict[str, str]) -> dict[str, str]:
        plan = self.pbx.plan
        ami = plan.ami_url.replace(f":{plan.ports.ami}", f":{self.link.port}")
        return {
            **addresses,
            "AMI_URL": ami,
            "AGI_BIND": f"{plan.agi_host}:{plan.agi_port}",
            "WEB_BIND": f"127.0.0.1:{free_tcp_port()}",
            "CEL_PATH": str(self.pbx.cel_path),
            "CALLCENTER_DATA": str(self.data_disk.folder),
            "LOG_FORMAT": "json",
            "LOG_LEVEL": os.environ.get("FAULTS_LOG_LEVEL", "info"),
        }

    # -- people

    def add_people(self, blocked: list[str]) -> None:
        """An operator for every desk phone; customers whom nobody wants to hear."""
        runtime = bootstrap.build(Settings(database_url=self.database_url, secret_key="x" * 48))
        try:
            with runtime.unit_of_work() as uow:
                for extension in EXTENSIONS:
                    draft = UserDraft(
                        username=f"operator{extension}",
                        display_name=f"Operator {extension}",
                        role="operator",
                        endpoint=f"PJSIP/{extension}",
                        extension=extension,
                    )
                    uow.users.add(draft, "nobody logs in", runtime.clock.now())
                uow.commit()
            for number in blocked:
                create_customer(
                    CustomerDraft(
                        display_name=f"Blocked {number}",
                        phones=(PhoneDraft(number=number),),
                        blocked=True,
                        block_reason="nuisance",
                    ),
                    user_id=None,
                    unit_of_work=runtime.unit_of_work,
                    clock=runtime.clock,
                    plan=runtime.settings.number_plan,
                )
        finally:
            runtime.close()

    # -- looking

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]

    def linked(self) -> bool:
        """In step with the PBX, as the product itself says."""
        return bool(self.rows("SELECT 1 AS up FROM pbx_links WHERE state = 'up'"))

    def last_words(self) -> str:
        """The end of every process's log."""
        units = self.processes.units.values()
        texts = {u.name: u.log.read_text("utf-8", "replace")[-1500:] for u in units if u.starts}
        return "\n".join(f"== {name}\n{text}" for name, text in texts.items())

    def close(self) -> None:
        self.processes.stop()
        self._engine.dispose()
        self._stack.close()
