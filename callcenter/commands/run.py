"""`callcenter run [SERVICE…]`: the long-running processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

import click

from callcenter import startup
from callcenter.runtime import Runtime, Service, StartupError
from callcenter.settings import Settings

_SWITCH = 0.001
"""Seconds a busy thread keeps the others waiting; Python's own 5 ms made cards late by as much, for
each thread in between (bench pop)."""

# Those that others lean on start first and stop last.
_ORDER = ("worker", "agi", "ami", "web")


@click.command()
@click.argument("services", nargs=-1, metavar="[SERVICE]...")
def run(services: tuple[str, ...]) -> None:
    """Run the services named (web, ami, agi, worker), or all of them in one process."""
    settings = Settings.from_env(os.environ)
    known = {entry.name: entry for entry in entry_points(group="callcenter.services")}
    unknown = sorted(set(services) - set(known))
    if unknown:
        raise click.UsageError(f"No such service: {', '.join(unknown)}. Services: {_list(known)}.")
    named = set(services) or set(known)
    startup.check_split(settings, named, known)
    _prepare_gevent(settings, named, known)
    sys.exit(serve(settings, [known[name] for name in sorted(named, key=_rank)]))


def serve_all(
    settings: Settings,
    *,
    extra: Callable[[Runtime], list[Service]] = lambda _runtime: [],
    on_ready: Callable[[Runtime], None] = lambda _runtime: None,
) -> int:
    """Everything in this process, as `callcenter demo` wants it. Returns the exit code.

    `extra` makes services that only this run has; they start last. `on_ready` is called once all
    of them serve.
    """
    entries = sorted(entry_points(group="callcenter.services"), key=lambda one: _rank(one.name))
    return serve(settings, entries, extra=extra, on_ready=on_ready)


def serve(
    settings: Settings,
    entries: list[EntryPoint],
    *,
    extra: Callable[[Runtime], list[Service]] = lambda _runtime: [],
    on_ready: Callable[[Runtime], None] = lambda _runtime: None,
) -> int:
    """Check, build, run until a signal."""
    sys.setswitchinterval(_SWITCH)
    from callcenter import bootstrap, logging
    from callcenter.supervise import StopSignal, run_until_stopped

    logging.configure(settings)
    stop = StopSignal()
    stop.install()
    _check(settings, {entry.name for entry in entries})
    runtime = bootstrap.build(settings)
    try:
        services = [_load(entry)(runtime) for entry in entries] + extra(runtime)
        with startup.metrics_server(settings):
            return run_until_stopped(services, stop, on_ready=lambda: on_ready(runtime))
    finally:
        runtime.close()


def _check(settings: Settings, names: set[str]) -> None:
    startup.check_folders(settings)
    if "web" in names:
        startup.check_port("WEB_BIND", settings.web_bind)
    if "agi" in names:
        startup.check_port("AGI_BIND", settings.agi_bind)
    startup.check_database(settings)


def _load(entry: EntryPoint) -> Callable[[Runtime], Service]:
    try:
        factory: Callable[[Runtime], Service] = entry.load()
    except (ImportError, AttributeError) as error:
        raise StartupError(
            f"The service {entry.name} cannot be loaded ({error}). "
            "Install the product anew: make clean && make run"
        ) from error
    return factory


def _prepare_gevent(settings: Settings, named: set[str], known: dict[str, EntryPoint]) -> None:
    """gevent must patch the standard library before anything else is loaded."""
    if settings.web_async != "gevent" or "web" not in named:
        return
    if named != {"web"}:
        raise StartupError(
            "WEB_ASYNC=gevent needs the web service in a process of its own, because ami and agi "
            f"run asyncio: callcenter run web (and elsewhere: callcenter run "
            f"{' '.join(sorted(set(known) - {'web'}))}). Or set WEB_ASYNC=threading."
        )
    from gevent import monkey

    monkey.patch_all()


def _rank(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER) - 1, name)


def _list(known: dict[str, EntryPoint]) -> str:
    return ", ".join(sorted(known)) or "none is installed"
