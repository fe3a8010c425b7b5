"""On a real Asterisk: with the CRM's AGI server away in every way there is, a caller still reaches
the default queue and an operator's phone; with it there, the queue that the CRM chose.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from subprocess import Popen

import pytest

from ami.lab import LabPbx
from ami.lab.phones import ANSWERS, Call, DeskPhone, call_in
from ami.lab.ports import free_tcp_port
from tests.support.agi_process import agi_process
from tests.support.lab import require_lab

pytestmark = pytest.mark.pbx

SUPPORT = "+48221000001"
CALLER = "+48600100101"
TIMED_OUT = "The CRM did not answer in time"


@pytest.fixture(scope="module")
def pbx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPbx]:
    require_lab()
    with LabPbx(tmp_path_factory.mktemp("lab"), agi=("127.0.0.1", free_tcp_port())) as lab:
        yield lab


def queues_of_one_call(pbx: LabPbx) -> list[str]:
    """One caller rings in and an operator answers; which queues the ledger says it was in."""
    before = len(pbx.cel_rows())
    with DeskPhone(pbx, "1001", ANSWERS):
        assert call_in(pbx, [Call(number=CALLER, to=SUPPORT)], talk=6.0).wait(40)
        pbx.wait_idle()
    rows = pbx.cel_rows()[before:]
    spoke = {row["channame"] for row in rows if row["eventtype"] == "BRIDGE_ENTER"}
    assert any(name.startswith("PJSIP/1001-") for name in spoke), rows
    entered = [row["appdata"].split(",")[0] for row in rows if row["appname"] == "Queue"]
    return list(dict.fromkeys(entered))


def server(pbx: LabPbx, at_look_up: str = "") -> AbstractContextManager[Popen[str]]:
    return agi_process(pbx.plan.agi_port, at_look_up)


def test_with_the_crm_there_the_caller_is_sent_where_it_says(pbx):
    with server(pbx):
        assert queues_of_one_call(pbx) == ["vip"]


def test_with_the_crm_stopped_the_caller_reaches_the_default_queue(pbx):
    assert queues_of_one_call(pbx) == ["support"]


def test_with_the_crm_frozen_the_caller_reaches_the_default_queue(pbx):
    with server(pbx) as process:
        process.send_signal(signal.SIGSTOP)
        before = pbx.log_text().count(TIMED_OUT)
        assert queues_of_one_call(pbx) == ["support"]
        assert pbx.log_text().count(TIMED_OUT) == before + 1
        process.send_signal(signal.SIGCONT)
        assert queues_of_one_call(pbx) == ["vip"]


def test_with_the_crm_frozen_in_mid_request_the_caller_reaches_the_default_queue(pbx):
    with server(pbx, "stop"):
        assert queues_of_one_call(pbx) == ["support"]


def test_with_the_crm_killed_in_mid_request_the_caller_reaches_the_default_queue(pbx):
    with server(pbx, "kill") as process:
        assert queues_of_one_call(pbx) == ["support"]
        assert process.wait(10) == -signal.SIGKILL
