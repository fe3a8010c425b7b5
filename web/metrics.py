"""/metrics for Prometheus, and what the web door counts itself.

Open to the machine itself (loopback, and not passed on by a proxy) and to bearer tokens of an
administrator; METRICS_BIND offers the same on a port of its own for a scraper elsewhere. Routes,
never paths, are labels: a path holds ids and phone numbers.
"""

from __future__ import annotations

import ipaddress
import time

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy import event
from sqlalchemy.pool import Pool

from callcenter.runtime import Runtime
from web.api import problem_handlers
from web.api.authentication import authenticate
from web.api.problems import ProblemError

REQUESTS = Counter(
    "callcenter_http_requests_total", "HTTP requests answered", ["method", "route", "status"]
)
SECONDS = Histogram(
    "callcenter_http_request_seconds",
    "Time to answer an HTTP request",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SOCKETS = Gauge("callcenter_sockets_connected", "Browsers connected by Socket.IO to this process")
CONNECTIONS_OPEN = Gauge("callcenter_db_connections_open", "Database connections held open")
CONNECTIONS_USED = Gauge("callcenter_db_connections_in_use", "Database connections at work")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


def register(app: Flask, runtime: Runtime) -> None:  # noqa: ARG001 (doors register alike)
    _watch_pools()
    SOCKETS.set_function(lambda: _sockets(app))
    app.before_request(_begin)
    app.after_request(_end)
    app.add_url_rule("/metrics", "metrics", metrics)


def _sockets(app: Flask) -> float:
    realtime = app.extensions.get("callcenter_realtime")
    return float(len(realtime.listeners())) if realtime is not None else 0.0


def metrics() -> Response:
    try:
        _check_access()
    except ProblemError as problem:
        return problem_handlers.respond(problem)
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _check_access() -> None:
    header = request.headers.get("Authorization", "")
    if not header and _is_this_machine():
        return
    caller = authenticate(header)
    if caller.role != "admin" or "read" not in caller.scopes:
        raise ProblemError(403, "forbidden", "Metrics are for an administrator's read token.")


def _is_this_machine() -> bool:
    """A proxy on this machine calls from loopback too: what it passes on does not count."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _begin() -> None:
    g.metrics_started = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(method, route, response.status_code).inc()
    started = g.pop("metrics_started", None)
    if started is not None:
        SECONDS.labels(method, route).observe(time.perf_counter() - started)
    return response


def _watch_pools() -> None:
    """Listens to every pool of the process; once, however many applications are made."""
    for name, hook in _POOL_HOOKS.items():
        if not event.contains(Pool, name, hook):
            event.listen(Pool, name, hook)


_POOL_HOOKS = {
    "connect": lambda *_: CONNECTIONS_OPEN.inc(),
    "close": lambda *_: CONNECTIONS_OPEN.dec(),
    "checkout": lambda *_: CONNECTIONS_USED.inc(),
    "checkin": lambda *_: CONNECTIONS_USED.dec(),
}
