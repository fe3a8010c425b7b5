"""Wishes of the product (PbxCommand) as manager actions: only those that the listener's user may.

A wish goes to every PBX; one that does not know the operator's device says so, and that is fine
while another does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from ami import metrics
from ami.client.link import AmiLink
from ami.client.outcome import ActionFailedError, AmiError
from callcenter.ports import PbxCommand

log = structlog.get_logger(__name__)


def queue_pause(command: PbxCommand, paused: bool) -> dict[str, str]:
    headers = {"Interface": command.endpoint, "Paused": "true" if paused else "false"}
    for key, header in (("queue", "Queue"), ("reason", "Reason")):
        if command.arguments.get(key):
            headers[header] = command.arguments[key][:80]
    return headers


_ACTIONS: dict[str, tuple[str, Callable[[PbxCommand], dict[str, str]]]] = {
    "pause_member": ("QueuePause", lambda command: queue_pause(command, paused=True)),
    "unpause_member": ("QueuePause", lambda command: queue_pause(command, paused=False)),
}


async def carry_out(command: PbxCommand, links: Sequence[AmiLink]) -> None:
    """Never raises: the outcome is counted, and logged unless it is plain success."""
    known = _ACTIONS.get(command.action)
    if known is None or not command.endpoint:
        metrics.COMMANDS.labels(command.action, "unsupported").inc()
        log.error("ami.command_unsupported", action=command.action, endpoint=command.endpoint)
        return
    action, headers_of = known
    tries = [_ask(link, action, headers_of(command)) for link in links]
    problems = await asyncio.gather(*tries)
    outcome = "done" if None in problems else "failed"
    metrics.COMMANDS.labels(command.action, outcome).inc()
    if outcome == "failed":
        words = "; ".join(problem for problem in problems if problem)
        log.error("ami.command_failed", action=command.action, endpoint=command.endpoint, why=words)


async def _ask(link: AmiLink, action: str, headers: dict[str, Any]) -> str | None:
    try:
        await link.ask(action, headers, timeout=5.0)
    except ActionFailedError as error:
        right = ": give the manager user write=agent" if error.denied else ""
        return f"{link.address.name}: {error.message}{right}"
    except AmiError as error:
        return f"{link.address.name}: {error}"
    return None
