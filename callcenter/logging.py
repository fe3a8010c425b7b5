"""How the product logs: structured lines, JSON for machines or colours for a terminal.

Values under a secret-looking key, and passwords inside URLs, never reach a line.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from callcenter.settings import Settings

_SECRET_KEY = re.compile(
    r"(^|_)(pass(word|wd)?|secret|token|authorization|cookie|api_?key|secret_?key|session)$", re.I
)
_URL_PASSWORD = re.compile(r"(?P<head>\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@]+(?=@)", re.I)
_AMI_SECRET = re.compile(r"(?P<head>\b(?:secret|password)\s*[:=]\s*)\S+", re.I)
_HIDDEN = "***"


def configure(settings: Settings) -> None:
    """Once, in `main`. Also takes the lines of libraries that use the standard `logging`."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    as_json = settings.log_format == "json" or (
        settings.log_format == "auto" and not sys.stderr.isatty()
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.UnicodeDecoder(),
        structlog.processors.format_exc_info,  # before the next, which sees text alone
        scrub,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        # Where `rich` is there, it would print all variables, so people's names and our secrets.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    _take_standard_logging(level, shared, renderer)


def _take_standard_logging(level: int, shared: list[Processor], renderer: Processor) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Each request and each migration step is noise unless somebody looks for it.
    for name in ("werkzeug", "alembic", "huey", "engineio", "socketio", "asyncio", "panoramisk"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def scrub(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: _scrub_value(key, value) for key, value in event.items()}


def _scrub_value(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key) and value:
        return _HIDDEN
    if isinstance(value, dict):
        return {inner: _scrub_value(str(inner), one) for inner, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrub_value("", one) for one in value]
    if isinstance(value, str):
        value = _URL_PASSWORD.sub(rf"\g<head>{_HIDDEN}", value)
        return _AMI_SECRET.sub(rf"\g<head>{_HIDDEN}", value)
    return value
