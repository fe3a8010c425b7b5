"""Wishes about queue members as manager actions of the listener's user. Pure."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.ports import PbxCommand

Headers = dict[str, str]
_LONGEST = 80


def _headers(command: PbxCommand, **told: str) -> Headers:
    """`told`: argument → header, of those that were given."""
    found = {
        header: command.arguments[name][:_LONGEST]
        for name, header in told.items()
        if command.arguments.get(name)
    }
    return {"Interface": command.endpoint, **found}


def _pause(command: PbxCommand, *, paused: bool) -> Headers:
    told = _headers(command, queue="Queue", reason="Reason")
    return {**told, "Paused": "true" if paused else "false"}


def _add(command: PbxCommand) -> Headers:
    told = _headers(
        command, queue="Queue", name="MemberName", penalty="Penalty", reason="PausedReason"
    )
    paused = "true" if command.arguments.get("paused") == "true" else "false"
    return {**told, "StateInterface": command.endpoint, "Paused": paused}


MEMBER_ACTIONS: dict[str, tuple[str, Callable[[PbxCommand], Headers]]] = {
    "pause_member": ("QueuePause", lambda command: _pause(command, paused=True)),
    "unpause_member": ("QueuePause", lambda command: _pause(command, paused=False)),
    "add_member": ("QueueAdd", _add),
    "remove_member": ("QueueRemove", lambda command: _headers(command, queue="Queue")),
    "set_penalty": (
        "QueuePenalty",
        lambda command: _headers(command, queue="Queue", penalty="Penalty"),
    ),
}
"""Action → the manager's name for it, and its headers."""
