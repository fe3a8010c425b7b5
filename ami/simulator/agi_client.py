"""Asterisk's side of a FastAGI call: asks the CRM's script, and takes what it sets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Final

SECONDS: Final = 2.0
"""The dialplan's own limit for the step (asterisk_conf/extensions.conf.j2, crm-decide)."""
_MAX_COMMANDS: Final = 200
_SET = re.compile(r'SET VARIABLE "?(\w+)"? "(.*)"', re.DOTALL)
_SET_ALL = re.compile(r'EXEC MSet "([^"]*)"')


async def ask(address: tuple[str, int], environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that the script set, in order; those before a failure count, as in Asterisk."""
    host, port = address
    told: dict[str, str] = {}
    env = dict(environment)
    script = env.get("agi_request", "").partition("://")[2].partition("/")[2] or "route"
    env["agi_request"] = f"agi://{host}:{port}/{script}"
    try:
        async with asyncio.timeout(SECONDS):
            await _converse(host, port, env, told)
    except (OSError, TimeoutError, ValueError):
        pass  # the dialplan goes on without an answer
    return told


async def _converse(host: str, port: int, env: Mapping[str, str], told: dict[str, str]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        head = "".join(f"{name}: {value}\n" for name, value in env.items())
        writer.write(head.encode("utf-8", "surrogateescape") + b"\n")
        for _ in range(_MAX_COMMANDS):
            line = await reader.readline()
            if not line:
                return
            writer.write(_reply(line.decode("utf-8", "replace").rstrip("\r\n"), told))
    finally:
        writer.close()


def _reply(command: str, told: dict[str, str]) -> bytes:
    """What Asterisk says to a command: this one knows how to set variables, and to do nothing."""
    match = _SET.fullmatch(command)
    if match is not None:
        told.pop(match[1], None)  # set again: it stands where it was set last
        told[match[1]] = match[2].replace("\\\\", "\\")
        return b"200 result=1\n"
    every = _SET_ALL.fullmatch(command)
    if every is not None:
        pairs = (pair.partition("=") for pair in every[1].split(","))
        told.update({name: value for name, is_set, value in pairs if is_set})
        return b"200 result=0\n"
    if command.startswith(("NOOP", "VERBOSE")):
        return b"200 result=0\n"
    return b"510 Invalid or unknown command\n"
