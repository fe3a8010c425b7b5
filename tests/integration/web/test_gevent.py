"""The same door on greenlets: what production runs (one process for each worker)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.sockets import Desk, Visitor
from tests.support.web import ONE, PASSWORD, World

# The process must be patched before anything else is loaded, so it is one of its own. It rings
# when told to: its bus is its own too.
_SERVER = """
from gevent import monkey
monkey.patch_all()
import sys
if sys.argv[3] == "without": sys.modules["geventwebsocket"] = None
from pathlib import Path
from gevent.fileobject import FileObjectThread
from callcenter.bootstrap import build
from tests.support.web import ONE, World, settings_for
from web.service import WebService
url, folder = sys.argv[1:3]
world = World(build(settings_for(url, Path(folder), web_async="gevent")))
service = WebService(world.runtime)
service.start()
print(service.port, flush=True)
for line in FileObjectThread(sys.stdin, 'r'):
    world.ring(ONE)
service.stop(5)
world.runtime.close()
"""


@pytest.fixture(params=["as installed", "without"])
def server(world: World, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    settings = world.runtime.settings
    command = [sys.executable, "-c", _SERVER, settings.database_url, str(settings.data_dir)]
    # gevent-websocket is no dependency of ours, but Engine.IO insists on it where it is installed.
    command.append(request.param)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def test_pages_and_pops_work_on_greenlets(server: subprocess.Popen[str], world: World) -> None:
    url = f"http://127.0.0.1:{int(server.stdout.readline())}"
    visitor = Visitor(url, "operator1", PASSWORD).log_in()
    assert "Missed calls" in visitor.session.get(f"{url}/desk").text
    desk = Desk(url, visitor.cookie, {}).open()
    desk.wait_for("snapshot")
    server.stdin.write("ring\n")
    server.stdin.flush()
    (pop,) = desk.wait_for("screen_pop")
    assert pop["number"] == ONE
    desk.close()
