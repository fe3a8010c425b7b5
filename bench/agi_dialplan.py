"""One CRM decision as a step of a real dialplan, beside CURL() to an idle server, on the lab.

    python -m bench.agi_dialplan [--customers N] [--steps N]

A channel runs the step in a loop; the empty loop is taken off. Our server looks the caller up among
N customers; the HTTP server answers two bytes. Needs the PBX lab (root). Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ami.lab import LabPbx
from bench.agi import customers
from bench.agi_decisions import database, server

TARGET_MICROS = 800
_CONTEXT = "crm-bench"
_TAKEN = re.compile(r"BENCH (\w+) ([\d.]+) ([\d.]+)")


class Idle(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # one packet an answer, as a good server would
    disable_nagle_algorithm = True

    def do_GET(self) -> None:  # the name that http.server calls
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_words: object) -> None: ...


@contextmanager
def idle_http() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Idle) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield http.server_address[1]
        http.shutdown()


def step_micros(pbx: LabPbx, name: str, step: str, number: str, steps: int) -> float:
    """Microseconds of one pass of a loop around `step`."""
    lines = [
        "Answer()",
        f"Set(CALLERID(num)={number})",
        "Set(LEFT=0)",
        "Set(FROM=${STRFTIME(,,%s.%6q)})",
        step,
        "Set(LEFT=$[${LEFT}+1])",
        f"GotoIf($[${{LEFT}}<{steps}]?5)",
        f"Log(NOTICE,BENCH\\ {name}\\ ${{FROM}}\\ ${{STRFTIME(,,%s.%6q)}})",
    ]
    for priority, line in enumerate(lines, 1):
        pbx.console(f"dialplan add extension {name},{priority},{line} into {_CONTEXT}")
    pbx.console(f"channel originate Local/{name}@{_CONTEXT}/n application Wait 600")
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        for found, start, end in _TAKEN.findall(pbx.log_text()):
            if found == name:
                return (float(end) - float(start)) / steps * 1e6
        time.sleep(0.1)
    raise SystemExit(f"the loop around {step} did not end:\n{pbx.log_text()[-2000:]}")


def run(count: int, steps: int) -> dict[str, Any]:
    number = customers.number_of(count // 2, count)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, LabPbx(Path(folder)) as pbx:
        for module in ("res_curl.so", "func_curl.so", "res_clioriginate.so"):
            pbx.console(f"module load {module}")
        empty = step_micros(pbx, "empty", "NoOp()", number, steps)
        with idle_http() as port:
            curl = f"Set(ANSWER=${{CURL(http://127.0.0.1:{port}/)}})"
            found["curl"] = step_micros(pbx, "curl", curl, number, steps) - empty
        for kind in ("sqlite", "postgresql"):
            with database(kind, count) as url, server("ours", url) as port:
                step = f"AGI(agi://127.0.0.1:{port}/route)"
                step_micros(pbx, f"warm{kind}", step, number, 200)
                found[f"ours-{kind}"] = step_micros(pbx, kind, step, number, steps) - empty
    return {
        "customers": count,
        "micros": {name: round(micros) for name, micros in found.items()},
        "times_as_fast_as_curl": {
            name: round(found["curl"] / micros, 2)
            for name, micros in found.items()
            if name != "curl"
        },
        "target_micros": TARGET_MICROS,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=2_000)
    options = parser.parse_args()
    print(json.dumps(run(options.customers, options.steps), indent=1))


if __name__ == "__main__":
    main()
