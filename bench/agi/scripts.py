"""A classic AGI: one process for each call, its environment on stdin, as Asterisk's AGI() does."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from bench.agi.callers import HEAD, Load, summary

# Run by its path, so that nothing of this package is imported beside it.
_COMMAND = (sys.executable, str(Path(__file__).with_name("pyst2_script.py")))


def load(at_once: int, seconds: float) -> Load:
    return asyncio.run(_load(at_once, seconds))


async def _load(at_once: int, seconds: float) -> Load:
    took: list[float] = []
    undecided = 0
    start = time.perf_counter()

    async def caller(number: int) -> None:
        nonlocal undecided
        while time.perf_counter() - start < seconds:
            began = time.perf_counter()
            undecided += not await _one(number)
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(caller(number) for number in range(at_once)))
    return summary(took, time.perf_counter() - start, undecided)


async def _one(number: int) -> bool:
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(HEAD.format(port=0, serial=number, number="+48601000001").encode())
    decided = False
    while line := await process.stdout.readline():
        decided = decided or b"CRM_ROUTE" in line
        process.stdin.write(b"200 result=1\n")
    await process.wait()
    return decided
