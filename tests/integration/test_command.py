"""The command `callcenter` as a person meets it: what is wrong is said before anything starts."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ami.lab.ports import free_tcp_port
from callcenter import startup
from callcenter.runtime import StartupError
from callcenter.settings import BindAddress, Settings
from callcenter.store import engine as store_engine
from tests.support.store import Store
from tests.support.waiting import wait_until

COMMAND = (sys.executable, "-c", "from callcenter.cli import main; main()")


def environment(**ours: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **ours}


def callcenter(*arguments: str, cwd: Path, **ours: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**ours),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("ours", "words"),
    [
        ({"DATABSE_URL": "x"}, "Did you mean DATABASE_URL?"),
        ({"WEB_BIND": "80"}, "Accepted: HOST:PORT"),
        ({"AMI_URL": "ami://listener:hunter2@"}, "Accepted: ami://USER:SECRET@HOST"),
    ],
)
def test_a_wrong_setting_stops_everything_in_one_line(
    ours: dict[str, str], words: str, tmp_path: Path
) -> None:
    result = callcenter("run", cwd=tmp_path, **ours)
    assert result.returncode == 2
    assert words in result.stderr
    assert "hunter2" not in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_split_processes_say_plainly_what_they_require(tmp_path: Path) -> None:
    result = callcenter("run", "web", cwd=tmp_path)
    assert result.returncode == 2
    for word in ("REDIS_URL", "PostgreSQL DATABASE_URL", "SECRET_KEY", "callcenter run"):
        assert word in result.stderr


def test_an_unknown_service_is_answered_with_those_there_are(tmp_path: Path) -> None:
    result = callcenter("run", "wbe", cwd=tmp_path)
    assert result.returncode == 2
    assert "Services: agi, ami, web, worker" in result.stderr


def test_gevent_and_asyncio_do_not_share_a_process(tmp_path: Path) -> None:
    result = callcenter("run", cwd=tmp_path, WEB_ASYNC="gevent")
    assert result.returncode == 2
    assert "in a process of its own" in result.stderr


def test_an_empty_database_says_what_to_run_and_that_helps(tmp_path: Path) -> None:
    before = callcenter("run", cwd=tmp_path, WEB_BIND=f"127.0.0.1:{free_tcp_port()}", **_agi())
    assert before.returncode == 2
    assert "callcenter db upgrade" in before.stderr
    assert callcenter("db", "upgrade", cwd=tmp_path).returncode == 0
    assert callcenter("db", "upgrade", cwd=tmp_path).returncode == 0
    startup.check_database(_settings(tmp_path))


def test_a_port_in_use_names_the_port_and_the_setting(taken: int, tmp_path: Path) -> None:
    result = callcenter("run", cwd=tmp_path, WEB_BIND=f"127.0.0.1:{taken}", **_agi())
    assert result.returncode == 2
    assert f"Port {taken} on 127.0.0.1 is in use" in result.stderr
    assert "WEB_BIND" in result.stderr


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(StartupError, match="Set AGI_BIND to an address of this machine"):
        startup.check_port("AGI_BIND", BindAddress("192.0.2.1", free_tcp_port()))


def test_a_folder_that_cannot_be_written_says_so() -> None:
    with pytest.raises(StartupError, match=r"/proc/callcenter cannot be written to"):
        startup.check_folders(Settings(data_dir=Path("/proc/callcenter")))


def test_a_file_that_is_no_database_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "callcenter.db").write_bytes(b"these are the minutes of the meeting" * 100)
    with pytest.raises(StartupError, match="is not a database of this product"):
        startup.check_database(_settings(tmp_path))


def test_a_database_from_the_future_is_left_alone(tmp_path: Path) -> None:
    assert callcenter("db", "upgrade", cwd=tmp_path, CALLCENTER_DATA=".").returncode == 0
    with sqlite3.connect(tmp_path / "callcenter.db") as connection:
        connection.execute("update alembic_version set version_num = '9999_later'")
    connection.close()
    with pytest.raises(StartupError, match="upgraded by a newer version"):
        startup.check_database(_settings(tmp_path))


def test_a_postgresql_that_is_away_is_an_answer_not_a_traceback(tmp_path: Path) -> None:
    url = f"postgresql://crm:hunter2@127.0.0.1:{free_tcp_port()}/crm"
    result = callcenter("db", "upgrade", cwd=tmp_path, DATABASE_URL=url)
    assert result.returncode == 2
    assert "cannot be used" in result.stderr
    assert "Traceback" not in result.stderr
    assert "hunter2" not in result.stderr


def test_the_embedded_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    from callcenter import bootstrap

    first = bootstrap.with_secret_key(_settings(tmp_path))
    assert bootstrap.with_secret_key(_settings(tmp_path)) == first
    assert len(first.secret_key) > 30
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_person_added_may_log_in_and_a_second_of_that_name_may_not(tmp_path: Path) -> None:
    callcenter("db", "upgrade", cwd=tmp_path)
    added = callcenter("user", "add", "anna", "--role", "admin", cwd=tmp_path)
    assert "Password: " in added.stdout
    again = callcenter("user", "add", "anna", cwd=tmp_path)
    assert again.returncode == 1
    assert "anna" in again.stderr
    assert "Traceback" not in again.stderr
    token = callcenter("token", "issue", "anna", cwd=tmp_path)
    assert token.returncode == 0
    assert len(token.stdout.strip()) > 20


def test_a_person_is_erased_from_the_terminal(tmp_path: Path) -> None:
    assert callcenter("db", "upgrade", cwd=tmp_path).returncode == 0
    engine = store_engine.create(f"sqlite:///{_data(tmp_path)}/callcenter.db")
    customer_id = str(Store(engine).add_customer("Anna", "+48600100101"))
    engine.dispose()
    unsure = callcenter("customer", "erase", customer_id, cwd=tmp_path)
    assert unsure.returncode == 1
    assert "Anna" in unsure.stdout + unsure.stderr
    done = callcenter("customer", "erase", customer_id, "--yes", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Erased customer {customer_id}: 1 numbers, 0 contacts, 0 calls.\n"
    again = callcenter("customer", "erase", customer_id, "--yes", cwd=tmp_path)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


def test_an_erasure_without_the_products_key_is_refused(
    postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    ours = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url}
    refused = callcenter("customer", "erase", "1", "--yes", cwd=tmp_path, **ours)
    assert refused.returncode == 1
    assert "SECRET_KEY" in refused.stderr


def test_the_worker_alone_starts_serves_its_figures_and_stops_on_a_signal(
    postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    port = free_tcp_port()
    ours = environment(
        DATABASE_URL=postgres_url,
        REDIS_URL=redis_url,
        SECRET_KEY="a key of tests that is long",
        METRICS_BIND=f"127.0.0.1:{port}",
        LOG_FORMAT="json",
    )
    command = [*COMMAND, "run", "worker"]
    log = tmp_path / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(command, cwd=tmp_path, env=ours, stderr=errors) as process,
    ):
        try:  # its figures are served before it has started: a signal then finds nothing to stop
            wait_until(lambda: "service.started" in log.read_text() or process.poll() is not None)
            assert _listens(port)
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        finally:
            process.kill()
    assert process.returncode == 0, log.read_text()
    assert '"service.stopped"' in log.read_text()


def _settings(folder: Path) -> Settings:
    return Settings.from_env({"CALLCENTER_DATA": str(_data(folder))})


def _data(folder: Path) -> Path:
    return folder / "var" if (folder / "var").exists() else folder


def _agi() -> dict[str, str]:
    return {"AGI_BIND": f"127.0.0.1:{free_tcp_port()}"}


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
