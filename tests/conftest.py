"""Fixtures every test may use (tests/README.md lists them), and the rules of the run: no network
in unit and property tests, which worker does what, and an honest list of what was skipped.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog
from argon2 import PasswordHasher
from pytest_socket import disable_socket, enable_socket
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from callcenter.accounts import passwords
from tests.support.memory_disk import memory_disk
from tests.support.routes import share_parsed_rules
from tests.support.servers import PostgresServer, RedisServer
from tests.support.statements import share_compiled_statements
from tests.support.templates import share_compiled_templates

# How long an example takes depends on what else the machine does: no test is about that. Everywhere
# else each run tries other examples; in CI they are the same until a test changes: what fails there
# is of the change that it checks, and fails again here with CI=1.
hypothesis.settings.register_profile(
    "suite",
    hypothesis.settings.get_profile("ci" if os.environ.get("CI") else "default"),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("suite")

_TESTS = Path(__file__).parent
_NODE = _TESTS.parent / "var" / "node" / "bin"
_OFFLINE = {"unit", "properties"}
# Cheap ones first: what is wrong shows early; the one that takes over a minute not at the end, when
# others would wait for it. Browsers last: Playwright holds an event loop in the main thread, no
# other test could run one. Several workers each begin elsewhere, see `_Lanes`.
_ORDER = ("unit", "properties", "scenarios", "contracts", "faults", "integration", "pbx", "e2e")
# Given out test by test, after the others of their folder: so all workers end at about one time.
_SPREAD = {
    f"e2e/test_{name}.py"
    for name in (
        *("desk", "desk_faults", "from_invite_to_card", "looks", "screenshots"),
        *("states", "wallboard", "wallboard_faults", "work_lists"),
    )
}
_LANES = ("other", "pbx", "e2e")
# Cheap: hundreds of log-ins of nobody real cost minutes otherwise.
_HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
passwords._hasher = lambda: _HASHER  # at once: other conftests make hashes as they are imported
_MARKS = {"postgres_server": "postgresql", "redis_server": "redis", "own_redis": "redis"}


def pytest_configure() -> None:
    """Where the machine has no Node.js, the one that built the front end serves the tests too.

    What tests write stays in memory, where there is room (`--basetemp` puts it elsewhere).
    """
    if disk := memory_disk():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(disk))
    share_compiled_templates()
    share_compiled_statements()
    share_parsed_rules()
    # As text: coloured, with the variables of every frame, an error that a test asks for costs more
    # than the test.
    structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback
    if _NODE.is_dir():
        os.environ["PATH"] = f"{_NODE}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    offline = bool(_OFFLINE & set(request.node.path.parts))
    if offline:
        disable_socket(allow_unix_socket=True)  # asyncio wakes itself by one
    yield
    if offline:
        enable_socket()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer(in_memory=True)
    yield server
    server.close()


@pytest.fixture(scope="session")
def _postgres_databases(postgres_server: PostgresServer):
    from tests.support.databases import PostgresDatabases

    return PostgresDatabases(postgres_server)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, _postgres_databases) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    name = _postgres_databases.migrated()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database without any table: for tests of migrations."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def _sqlite_databases(tmp_path_factory: pytest.TempPathFactory):
    from tests.support.databases import SqliteDatabases

    return SqliteDatabases(tmp_path_factory.mktemp("sqlite-template"))


@pytest.fixture
def sqlite_url(_sqlite_databases, tmp_path: Path) -> str:
    """A migrated SQLite file of this test's own."""
    return _sqlite_databases.migrated(tmp_path / "callcenter.db")


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on SQLite and on PostgreSQL, each migrated and its own."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    return request.getfixturevalue(f"empty_{kind}_url")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.close()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """An empty Redis shared with other tests, one after the other."""
    redis_server.execute("FLUSHALL")
    return redis_server.url


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that this test may kill, freeze and start again."""
    server = RedisServer()
    yield server
    server.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts folders in order; marks, so that `-m 'not postgresql'` means what it says."""
    items.sort(key=lambda item: _rank(item.path))
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        parameters = getattr(getattr(item, "callspec", None), "params", {}).values()
        for fixture, mark in _MARKS.items():
            if fixture in names or mark in parameters:
                item.add_marker(mark)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is made meanwhile, all modules and tests, stays for good: the collector need not visit
    it again and again, which cost a sixth of the time of the suite."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)


class _Lanes(LoadScopeScheduling):
    """Tests of one file stay with one worker: they share what they read, their lab, their caches.
    The files in `_SPREAD` share nothing.

    A PBX mostly waits, a browser computes: so the last of three workers begins with browsers, the
    first one with the PBX, and they end together. Who has had a browser takes nothing else.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file.removeprefix("tests/") in _SPREAD else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        lanes = self._lanes_of(node)
        for scope in sorted(self.workqueue, key=lambda scope: lanes.index(_lane(scope))):
            if _lane(scope) == "e2e" or not self._has_had_browsers(node):
                self.workqueue.move_to_end(scope, last=False)
                return super()._assign_work_unit(node)
        return node.shutdown()

    def _lanes_of(self, node: WorkerController) -> tuple[str, ...]:
        number = self.nodes.index(node)
        if self.numnodes > 2 and number == self.numnodes - 1:
            return "e2e", "other", "pbx"
        return ("pbx", "other", "e2e") if self.numnodes > 1 and number == 0 else _LANES

    def _has_had_browsers(self, node: WorkerController) -> bool:
        return any(_lane(scope) == "e2e" for scope in self.assigned_work[node])


def _lane(scope: str) -> str:
    folder = scope.removeprefix("tests/").partition("/")[0]
    return folder if folder in _LANES else "other"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Of `make test`, which has several workers."""
    config.option.loadscopereorder = False
    return _Lanes(config, log)


def _rank(path: Path) -> tuple[int, bool]:
    place = path.relative_to(_TESTS).as_posix() if path.is_relative_to(_TESTS) else ""
    folder = place.partition("/")[0]
    return _ORDER.index(folder) if folder in _ORDER else len(_ORDER), place in _SPREAD


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    _measured(terminalreporter)
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(_reason(report) for report in skipped)
    if not reasons:
        return
    terminalreporter.section("skipped, and what would enable it")
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count:4d} × {reason}")
    terminalreporter.line("CALLCENTER_REQUIRE=all makes each of these a failure.")


def _measured(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests found out by the way (`record_property`): told, never judged."""
    passed = terminalreporter.stats.get("passed", [])
    found = [(report, *pair) for report in passed for pair in report.user_properties]
    if found:
        terminalreporter.section("measured")
    for report, name, value in found:
        terminalreporter.line(f"{value} {name} ({report.nodeid.rpartition('::')[2]})")


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")
