"""Our AGI service in a process of its own: python -m bench.agi.ours DATABASE_URL [PORT]

With a PORT it shares that port with others of its kind."""

from __future__ import annotations

import sys
import threading

import structlog

from agi_scripts.service import AgiService
from callcenter import bootstrap
from callcenter.settings import BindAddress, Settings


def main(database_url: str, port: int) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    bind = BindAddress("127.0.0.1", port)
    settings = Settings(
        database_url=database_url, agi_bind=bind, agi_shared=bool(port), secret_key="b" * 40
    )
    service = AgiService(bootstrap.build(settings))
    service.start()
    print(f"port {service.port}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
