"""The part of `pbx check` that concerns this machine: FastAGI reachable, ledger readable."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from ami.check_rules import Finding
from callcenter.settings import Settings

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_ENVIRONMENT = (
    "agi_network: yes\nagi_network_script: {script}\nagi_request: agi://{host}:{port}/{script}\n"
    "agi_channel: Local/check\nagi_uniqueid: check.1\nagi_callerid: unknown\n"
    "agi_calleridname: unknown\nagi_extension: s\nagi_dnid: unknown\nagi_context: default\n\n"
)


def check_host(settings: Settings) -> list[Finding]:
    return [*check_fastagi(settings), *check_ledger(settings)]


def check_fastagi(settings: Settings, timeout: float = 5.0) -> list[Finding]:
    """A whole request, as Asterisk would make it."""
    host, port = settings.agi_bind
    target = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  # compared, not bound
    try:
        with socket.create_connection((target, port), timeout) as link:
            link.settimeout(timeout)
            script = _ENVIRONMENT.format(script="ping", host=target, port=port)
            link.sendall(script.encode())
            answer = link.recv(4096).decode("utf-8", "replace").strip()
            link.sendall(b"200 result=1\n")
    except OSError as error:
        words = f"{target}:{port} does not serve ({error.strerror or error})"
        mend = "Start it: callcenter run agi. Or set AGI_BIND to where it listens."
        return [Finding(level="FAIL", where="here", what="FastAGI", words=words, mend=mend)]
    findings = [_judge_answer(answer, f"{target}:{port}")]
    remote = [pbx for pbx in settings.ami if pbx.host not in _LOOPBACK]
    if remote and host in _LOOPBACK:
        words = f"listens on {host} only, but {remote[0].name} is on another host"
        mend = "Set AGI_BIND to an address that the PBX reaches, and firewall it: it has no log-in."
        findings.append(
            Finding(level="FAIL", where="here", what="AGI_BIND", words=words, mend=mend)
        )
    return findings


def _judge_answer(answer: str, where: str) -> Finding:
    if "CRM_PING" in answer:
        words = f"{where} answers a request"
        return Finding(level="ok", where="here", what="FastAGI", words=words)
    words = f"{where} answered {answer[:60]!r}, not an AGI command"
    mend = "Something else listens there: set AGI_BIND."
    return Finding(level="FAIL", where="here", what="FastAGI", words=words, mend=mend)


def check_ledger(settings: Settings) -> list[Finding]:
    if not settings.ledgers:
        words = "CEL_PATH is not set: calls that pass while we are down stay unknown"
        mend = "Take cel.conf and cel_custom.conf from `callcenter pbx render` and set CEL_PATH."
        return [Finding(level="warn", where="here", what="ledger", words=words, mend=mend)]
    findings = []
    for _pbx, path in settings.ledgers:
        if path is not None:
            level, words, mend = _judge_ledger(path)
            findings.append(
                Finding(level=level, where="here", what="ledger", words=words, mend=mend)  # type: ignore[arg-type]
            )
    return findings


def _judge_ledger(path: Path) -> tuple[str, str, str]:
    if not path.parent.is_dir():
        return "FAIL", f"{path.parent} does not exist", "cel_custom does not make it: mkdir -p it."
    if not path.exists():
        return "warn", f"{path} is not there yet", "It appears with the first call."
    if not os.access(path, os.R_OK):
        return "FAIL", f"{path} cannot be read", "Let this user read it (group asterisk, mode 640)."
    return "ok", f"{path} can be read", ""
