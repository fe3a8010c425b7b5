"""No secret reaches a log line, however it was passed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from callcenter import logging as product_logging
from callcenter.settings import Settings


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("key", "value", "seen"),
    [
        ("password", "hunter2", "***"),
        ("ami_secret", "hunter2", "***"),
        ("Authorization", "Bearer hunter2", "***"),
        ("api_key", "hunter2", "***"),
        ("url", "postgresql://u:hunter2@h/d", "postgresql://u:***@h/d"),
        ("url", "redis://:hunter2@h", "redis://:***@h"),
        ("line", "Secret: hunter2", "Secret: ***"),
        ("nested", {"token": "hunter2", "n": 1}, {"token": "***", "n": 1}),
        ("many", ["ami://u:hunter2@h"], ["ami://u:***@h"]),
        ("number", "+48221234567", "+48221234567"),
        ("uniqueid", "systemname-1.2", "systemname-1.2"),
        ("password", "", ""),
    ],
)
def test_secrets_are_scrubbed_and_nothing_else(key: str, value: object, seen: object) -> None:
    assert product_logging.scrub(None, "info", {key: value}) == {key: seen}


def test_json_lines_carry_level_time_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    product_logging.configure(Settings(log_format="json"))
    structlog.get_logger("callcenter.x").info("call.saved", linkedid="1.2", secret="hunter2")
    logging.getLogger("library").warning("connecting to redis://:%s@h", "hunter2")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert first["event"] == "call.saved"
    assert first["linkedid"] == "1.2"
    assert first["level"] == "info"
    assert first["timestamp"].endswith("Z")
    assert "hunter2" not in str(first) + str(second)


def test_an_exception_is_one_line_without_its_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    product_logging.configure(Settings(log_format="json"))
    try:
        int("redis://:hunter2@h")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError" in json.loads(line)["exception"]
    assert "hunter2" not in line


def test_an_exception_on_a_terminal_shows_where_it_was_and_no_secret_or_variable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    product_logging.configure(Settings(log_format="console"))
    caller = "Maria Kowalska"
    try:
        int("redis://:hunter2@h" if caller else "")
    except ValueError:
        structlog.get_logger().exception("failed")
    out = capsys.readouterr().err
    assert "ValueError" in out
    assert __file__ in out
    assert "hunter2" not in out
    assert "Kowalska" not in out


def test_the_level_is_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    product_logging.configure(Settings(log_level="warning", log_format="console"))
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    out = capsys.readouterr().err
    assert "loud" in out
    assert "quiet" not in out
