"""Records scenarios on the lab: `python -m ami.lab.recorder [--asterisk 16] FOLDER [NAME…]`.

Each recording is a folder named by its sentence:

    ami.txt        the manager stream of a user who sees everything, byte by byte
    cel.csv        the channel event log, with a header row
    cdr.csv        Asterisk's own call detail records, with a header row
    agi.json       what the PBX asked over FastAGI, and what it was told
    scenario.json  {"name", "pbx", "asterisk", "calls": [what truly happened]}

Every scenario has a PBX of its own, so that ids begin anew and nothing of another call is in it.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ami.lab.pbx import CDR_COLUMNS, LabPbx, lab_plan
from ami.lab.phones import Caller, DeskPhone, FarEnd
from ami.lab.rootfs import CURRENT, RELEASES, installed_version, rootfs_path
from ami.lab.scenarios import SCENARIOS, FromDesk, Inbound, Scenario
from ami.lab.scenarios.model import NAMES, OUTSIDE
from ami.lab.softphones import Identity, SoftPhone, desk_of, outsider
from ami.lab.stage import Stage
from ami.lab.witness import ManagerWitness, ScriptedAgi
from callcenter.pbx.ledger_columns import CEL_COLUMNS

_AFTERMATH = 1.0  # the ledger's last lines and CDR are written just after the last channel is gone


def record(scenario: Scenario, folder: Path, asterisk: str = CURRENT) -> None:
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab-")))
        agi = stack.enter_context(ScriptedAgi(_decision(scenario.route)))
        plan = lab_plan(agi.address, asterisk=asterisk, **scenario.plan)
        _write_own_files(work / "etc", scenario.own_files)
        pbx = stack.enter_context(LabPbx(work, plan=plan))
        phones = {
            extension: stack.enter_context(DeskPhone(pbx, extension, behaviour))
            for extension, behaviour in scenario.phones.items()
        }
        if scenario.far_end is not None:
            stack.enter_context(FarEnd(pbx, scenario.far_end))
        people = {
            who: stack.enter_context(SoftPhone(_identity(pbx, who))) for who in scenario.people
        }
        with ManagerWitness(pbx) as witness:
            play(Stage(pbx, phones, people), scenario)
            time.sleep(_AFTERMATH)
        _write(folder / scenario.name, scenario, pbx, witness, agi)


def _identity(pbx: LabPbx, who: str) -> Identity:
    if who.startswith("+"):
        return outsider(pbx, who, NAMES.get(who, ""), is_called=who == OUTSIDE)
    return desk_of(pbx, who)


def _write_own_files(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def play(stage: Stage, scenario: Scenario) -> None:
    """Let it happen, and wait until all of it is over."""
    if scenario.script is not None:
        scenario.script(stage)
    for call in scenario.calls:
        _make(stage, call)
        stage.sleep(0.5)
    stage.wait_over()


def _make(stage: Stage, call: Inbound | FromDesk) -> Caller:
    if isinstance(call, FromDesk):
        return stage.call_out(call.extension, call.to, talk=call.talk, patience=call.patience)
    return stage.call_in(call.call, talk=call.talk, patience=call.patience, digit=call.digit)


def _decision(route: str) -> dict[str, str]:
    """What the CRM's script `route` sets, in its order."""
    reasons = {
        "queue-vip": "vip",
        "queue-debtors": "debtor",
        "queue-support": "known",
        "blocked": "blocked",
    }
    return {
        "CRM_CUSTOMER_ID": "",
        "CRM_PRIORITY": "10" if route == "queue-vip" else "0",
        "CRM_LANGUAGE": "",
        "CRM_REASON": reasons.get(route, "unknown"),
        "CRM_ROUTE": route,
    }


def _write(
    folder: Path, scenario: Scenario, pbx: LabPbx, witness: ManagerWitness, agi: ScriptedAgi
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ami.txt").write_bytes(witness.stream)
    (folder / "cel.csv").write_text(_csv(CEL_COLUMNS, pbx.cel_rows()), "utf-8")
    (folder / "cdr.csv").write_text(_csv(CDR_COLUMNS, pbx.cdr_rows()), "utf-8")
    (folder / "agi.json").write_text(
        _json({"requests": agi.requests, "answer": agi.answer}), "utf-8"
    )
    told = {
        "name": scenario.name,
        "pbx": pbx.plan.system_name,
        "asterisk": ".".join(map(str, installed_version(rootfs_path(pbx.plan.asterisk)) or ())),
    }
    (folder / "scenario.json").write_text(_json(told), "utf-8")
    retell(scenario, folder)


def retell(scenario: Scenario, folder: Path) -> None:
    """Write the truth anew, where only its words have changed."""
    path = folder / "scenario.json"
    told = json.loads(path.read_text("utf-8"))
    told["calls"] = [asdict(truth) for truth in scenario.truth]
    path.write_text(_json(told), "utf-8")


def _csv(columns: Sequence[str], rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m ami.lab.recorder", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--asterisk", choices=list(RELEASES), default=CURRENT)
    parser.add_argument("--retell", action="store_true", help="only write the truth anew")
    told = parser.parse_args(arguments)
    for scenario in SCENARIOS:
        if not told.names or scenario.name in told.names:
            if told.retell:
                retell(scenario, told.folder / scenario.name)
            else:
                record(scenario, told.folder, told.asterisk)
            print(scenario.name, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
