"""The lab itself: it starts clean, several live side by side, and nothing of it is left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ami.lab.pbx import LabError, LabPbx
from tests.support.lab import require_lab
from tests.support.waiting import wait_until

pytestmark = pytest.mark.pbx


def complaints(log: str) -> list[str]:
    return [line for line in log.splitlines() if re.search(r"\] (WARNING|ERROR)\[", line)]


def test_the_rendered_configuration_loads_without_a_complaint(make_lab):
    assert complaints(make_lab().log_text()) == []


def test_every_module_that_is_asked_for_is_loaded(lab_pbx):
    asked = set(
        re.findall(r"^load = (\S+)", (lab_pbx.work_dir / "etc/modules.conf").read_text(), re.M)
    )
    running = set(re.findall(r"^(\S+\.so).* Running ", lab_pbx.console("module show"), re.M))
    assert asked - running == set()


def test_two_labs_live_side_by_side(make_lab):
    one, two = make_lab(), make_lab()
    assert one.plan.ports.sip != two.plan.ports.sip
    assert "1001" in one.console("pjsip show endpoints")
    one.kill()
    assert two.channels() == 0


def test_two_labs_do_not_share_a_folder(lab_pbx):
    with pytest.raises(LabError, match="another lab"), LabPbx(lab_pbx.work_dir):
        pass


def test_a_killed_pbx_starts_again_in_the_same_place(make_lab):
    pbx = make_lab()
    pbx.kill()
    assert not pbx.running
    pbx.start()
    assert pbx.channels() == 0


def mounts() -> str:
    return Path("/proc/mounts").read_text()


def test_the_lab_leaves_no_mount_on_the_host(make_lab):
    before = mounts()
    pbx = make_lab()
    assert mounts() == before
    pbx.stop()
    assert mounts() == before


PARENT = """
import sys, time
from pathlib import Path
from ami.lab import LabPbx
from ami.lab.phones import DeskPhone, NO_ANSWER
with LabPbx(Path(sys.argv[1])) as pbx, DeskPhone(pbx, "1001", NO_ANSWER):
    print(pbx.pid, flush=True)
    time.sleep(600)
"""


def belongs_to(folder: Path) -> list[int]:
    """Processes that name this folder in their arguments or live in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (
                str(folder) in (process / "cmdline").read_text()
                or str(folder) in (process / "mounts").read_text()
            ):
                found.append(int(process.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_runs_on_when_the_parent_is_killed(tmp_path, how):
    require_lab()
    before = mounts()
    command = [sys.executable, "-c", PARENT, str(tmp_path / "lab")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        asterisk = int(parent.stdout.readline())
        assert Path(f"/proc/{asterisk}").exists()
        parent.send_signal(how)
    wait_until(lambda: not belongs_to(tmp_path / "lab"))
    wait_until(lambda: not Path(f"/proc/{asterisk}").exists())
    assert mounts() == before


def test_the_lab_in_the_foreground_says_how_to_reach_it_and_ends_at_sigterm(tmp_path):
    require_lab()
    command = [sys.executable, "-m", "ami.lab", "--folder", str(tmp_path / "lab")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lab:
        said = ""
        while "Stop" not in said:
            said += lab.stdout.readline()
        lab.send_signal(signal.SIGTERM)
    assert re.search(r"AMI_URL=ami://callcenter:\S+@127\.0\.0\.1:\d+", said)
    assert lab.returncode == 0
    wait_until(lambda: not belongs_to(tmp_path / "lab"))


def test_browsers_can_open_the_web_socket_of_the_soft_phone(lab_pbx):
    plan = lab_pbx.plan
    lines = [
        "GET /ws HTTP/1.1",
        f"Host: {plan.bind}:{plan.ports.http}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: c29tZXRoaW5nIHNlY3JldA==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: sip",
    ]
    with socket.create_connection((plan.bind, plan.ports.http), 10) as browser:
        browser.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = browser.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 101")
    assert "Sec-WebSocket-Protocol: sip" in answer


def test_the_web_server_shows_nothing_else(lab_pbx):
    plan = lab_pbx.plan
    with socket.create_connection((plan.bind, plan.ports.http), 10) as browser:
        browser.sendall(b"GET /httpstatus HTTP/1.1\r\nHost: x\r\n\r\n")
        assert browser.recv(4096).startswith(b"HTTP/1.1 404")
