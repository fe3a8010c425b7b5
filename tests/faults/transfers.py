"""The operator who hands every caller on to a colleague: blindly and after a consultation, in turn.

Faults reach into this too: what does not come about within some seconds is given up, as a person
would, and the next caller is taken.
"""

from __future__ import annotations

import threading
import time
from itertools import count

from ami.lab.pbx import LabError
from ami.lab.softphones import Line, SoftPhone, desk_of
from tests.faults.pbx import COLLEAGUE, TRANSFERRING, WitnessedPbx


class TransferDesk:
    def __init__(self, pbx: WitnessedPbx) -> None:
        self._pbx = pbx
        self._ending = threading.Event()
        self._ready = threading.Event()
        self.done = 0
        # The phone dies with the thread that switched it on: one thread for all.
        self._thread = threading.Thread(target=self._work, name="transfers", daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(30):
            raise LabError("the transferring operator's phone did not sign in")

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(60)

    def _work(self) -> None:
        with SoftPhone(desk_of(self._pbx, TRANSFERRING)) as phone:
            self._ready.set()
            for turn in count():
                line = self._next(phone)
                if line is None:
                    return
                self._take(phone, line, consult=bool(turn % 2))

    def _next(self, phone: SoftPhone) -> Line | None:
        while not self._ending.is_set():
            try:
                return phone.ringing(1.0)
            except LabError:
                continue
        return None

    def _take(self, phone: SoftPhone, line: Line, *, consult: bool) -> None:
        lines = [line]
        try:
            time.sleep(0.5)
            line.answer()
            time.sleep(1)
            if consult:
                line.hold()
                lines.append(phone.call(COLLEAGUE))
                lines[-1].until_talking()
                time.sleep(1)
                line.join(lines[-1])
            else:
                line.transfer(COLLEAGUE)
            line.until_over()
            self.done += 1
        except LabError:
            _give_up(lines)


def _give_up(lines: list[Line]) -> None:
    for line in lines:
        try:
            if not line.over:
                line.hang_up()
        except LabError:
            continue
