"""A PBX that gets no processor for a moment."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from ami.ears import Event, Heard
from ami.lab.phones import Behaviour, DeskPhone
from tests.pbx.control_desk import control_desk
from tests.support.lab import MakeLab
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]

SOON = Behaviour(ring=0.3)


def test_whoever_is_asked_is_rung_though_the_pbx_overlooks_its_own_keys(
    make_lab: MakeLab, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands still between the caller's music and the first digit of the number. Without being
    woken it never reads the number then, as the phones here send no sound that would wake it."""
    hear = Heard.hear

    with (
        control_desk(make_lab(), sqlite_url, tmp_path) as desk,
        DeskPhone(desk.pbx, "1001", SOON),
        DeskPhone(desk.pbx, "1002", SOON),
    ):
        pid = desk.pbx.pid

        def stand_still(heard: Heard, event: Event) -> None:
            hear(heard, event)
            if event.get("Event") == "Hold":
                os.kill(pid, signal.SIGSTOP)
                asyncio.get_running_loop().call_later(0.4, os.kill, pid, signal.SIGCONT)

        monkeypatch.setattr(Heard, "hear", stand_still)
        caller = desk.anna_calls(talk=120)
        call = desk.talking()
        for _ in range(2):
            desk.done(desk.do(call, "consult", to="1002"))
            desk.talking("PJSIP/1002")
            desk.done(desk.do(call, "cancel_transfer"))
            wait_until(lambda: not desk.live("PJSIP/1002"))
            desk.done(desk.do(call, "hold"))
            desk.done(desk.do(call, "unhold"))
        assert caller.running()
        desk.done(desk.do(call, "hangup"))
        assert caller.wait(20)
