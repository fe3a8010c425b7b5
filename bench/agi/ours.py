"""Our AGI service in a process of its own: python -m bench.agi.ours DATABASE_URL"""

from __future__ import annotations

import sys
import threading

import structlog

from agi_scripts.service import AgiService
from callcenter import bootstrap
from callcenter.settings import BindAddress, Settings


def main(database_url: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    bind = BindAddress("127.0.0.1", 0)
    settings = Settings(database_url=database_url, agi_bind=bind, secret_key="b" * 40)
    service = AgiService(bootstrap.build(settings))
    service.start()
    print(f"port {service.port}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
