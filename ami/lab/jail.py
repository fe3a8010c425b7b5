"""Runs a program inside the cached root file system without leaving a trace on the host.

The mounts live in a mount namespace of the process alone: when it ends, however it ends, they are
gone. The tree itself is mounted read-only, so that labs side by side cannot disturb each other;
what a program writes goes to the work folder, which it sees as /srv.

A child dies with the *thread* that started it (PR_SET_PDEATHSIG): start a lab from a thread that
outlives it, best the main one.
"""

from __future__ import annotations

import shlex
import socket
import subprocess
from pathlib import Path

INSIDE = "/srv"
WITH_PARENT = ("setpriv", "--pdeathsig", "KILL")
"""Prefix for a command that must not outlive us."""


def jailed(root: Path, work: Path, command: list[str]) -> list[str]:
    """The command line that runs `command` inside `root`, with `work` mounted as /srv."""
    (work / "tmp").mkdir(exist_ok=True)
    hosts = work / "hosts"
    # Asterisk resolves its own name at every call; without this each would wait 5 s for a DNS.
    hosts.write_text(f"127.0.0.1 localhost\n127.0.0.1 {socket.gethostname()}\n", "utf-8")
    place, here, line = shlex.quote(str(root)), shlex.quote(str(work)), shlex.join(command)
    steps = [
        f"mount --bind {place} {place}",
        f"mount -o remount,ro,bind {place}",
        f"mount --rbind {here} {place}{INSIDE}",  # with what is mounted in it: a small disk
        f"mount --bind {here}/tmp {place}/tmp",  # noqa: S108 - the tree's /tmp, not the host's
        f"mount --bind {here}/hosts {place}/etc/hosts",
        f"mount --rbind /dev {place}/dev",
        f"mount --bind /proc {place}/proc",
        f"cd {place}",
        f"exec chroot {place} {line}",
    ]
    namespace = ["unshare", "--mount", "--propagation", "private"]
    return [*WITH_PARENT, *namespace, "sh", "-ec", "\n".join(steps)]


def inside(pid: int, command: list[str]) -> list[str]:
    """The command line that runs a command where the process `pid` lives: its mounts, its root."""
    place = ["--mount", "--root", f"--wd=/proc/{pid}/root{INSIDE}", "--target", str(pid)]
    return ["nsenter", *place, *command]


def run_inside(pid: int, command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    line = inside(pid, command)
    return subprocess.run(line, capture_output=True, text=True, timeout=seconds, check=False)
