"""The lab's Asterisk for this harness: a ledger on a small disk of its own, and a second one that
only the witness reads and that no fault touches.
"""

from __future__ import annotations

import csv
import shutil
import time
from pathlib import Path

from ami.lab import LabPbx
from ami.lab.pbx import lab_plan
from callcenter.pbx.ledger_columns import CEL_COLUMNS, CEL_FILE
from callcenter.pbx.plan import Did, Operator, Queue
from tests.faults.disks import SmallDisk

ANSWERING, SILENT, BUSY = "1001", "1004", "1005"
DECLINING, CALLING, COLLEAGUE, TRANSFERRING = "1008", "1009", "1010", "1011"
QUEUE_PHONES = ("1002", "1003", "1006", "1007")
EXTENSIONS = tuple(str(number) for number in range(1001, 1012))
SUPPORT, SALES, MENU, SHORT_QUEUE = (f"+4822100000{n}" for n in (1, 2, 3, 4))
_LEDGER_MEGABYTES = 48


def direct(extension: str) -> str:
    return f"+482210001{extension[2:]}"


def plan_of(agi: tuple[str, int]):
    dids = (
        Did(number=SUPPORT, kind="queue", target="support"),
        Did(number=SALES, kind="queue", target="sales"),
        Did(number=MENU, kind="ivr"),
        Did(number=SHORT_QUEUE, kind="queue", target="debtors"),
        *(Did(number=direct(e), kind="operator", target=e) for e in EXTENSIONS),
    )
    queues = (
        Queue(name="support", strategy="rrmemory", members=QUEUE_PHONES),
        Queue(name="sales", strategy="ringall", members=(SILENT,)),
        Queue(name="vip", strategy="leastrecent", members=QUEUE_PHONES),
        Queue(name="debtors", strategy="rrmemory", members=(SILENT,), wait_seconds=6),
    )
    operators = tuple(Operator(extension=e, name=f"Operator {e}") for e in EXTENSIONS)
    return lab_plan(agi, operators=operators, dids=dids, queues=queues, outbound_at_once=100)


class WitnessedPbx(LabPbx):
    def __init__(self, work_dir: Path, agi: tuple[str, int]) -> None:
        super().__init__(work_dir, plan=plan_of(agi))
        self.ledger_disk = SmallDisk(self.cel_path.parent, _LEDGER_MEGABYTES)
        self.deaths: list[float] = []
        """When it was stopped or killed (Unix time)."""
        self.booted_at = 0.0

    @property
    def witness_path(self) -> Path:
        return self.work_dir / "log/witness.csv"

    def configuration(self) -> dict[str, str]:
        files = super().configuration()
        head, section, rest = files["cel_custom.conf"].partition(f"[{CEL_FILE}]")
        files["cel_custom.conf"] = f"{head}{section}{rest}\n[../witness.csv]{rest}"
        return files

    def witness_rows(self) -> list[dict[str, str]]:
        """The untouched ledger, without a half line at the moment of a kill."""
        if not self.witness_path.exists():
            return []
        rows = csv.reader(self.witness_path.read_text("utf-8", "replace").splitlines())
        whole = [row for row in rows if len(row) == len(CEL_COLUMNS)]
        return [dict(zip(CEL_COLUMNS, row, strict=True)) for row in whole]

    def start(self) -> None:
        self.booted_at = time.time()
        super().start()

    def die(self, *, politely: bool) -> None:
        self.deaths.append(time.time())
        if politely:
            self.stop()
        else:
            self.kill()

    def rotate_ledger(self, number: int) -> None:
        """As logrotate does: rename, and Asterisk makes a new file by itself."""
        if self.cel_path.exists():
            self.cel_path.rename(self.cel_path.with_name(f"{CEL_FILE}.{number}"))

    def truncate_ledger(self, number: int) -> None:
        """As logrotate's copytruncate does: what is written between the two steps is gone."""
        if self.cel_path.exists():
            shutil.copyfile(self.cel_path, self.cel_path.with_name(f"{CEL_FILE}.{number}"))
            with self.cel_path.open("r+b") as ledger:
                ledger.truncate()

    def close(self) -> None:
        self.__exit__(None, None, None)
        self.ledger_disk.close()
