"""`python -m tests.faults`: a long run of the fault harness; exit code 1 when a call went wrong."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import report
from tests.faults.harness import Options, Run

_ALONE = "CALLCENTER_FAULTS_ALONE"


def main() -> int:
    options = _parser().parse_args()
    _go_alone()
    code = 0
    for shape in ("split", "single") if options.shape == "both" else (options.shape,):
        code |= _run(options, shape)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--rate", type=float, default=2.0, help="calls a second")
    parser.add_argument("--shape", choices=("split", "single", "both"), default="split")
    parser.add_argument("--scale", type=float, default=1.0, help="of the time things stay broken")
    parser.add_argument("--only", action="append", default=[], help="this fault; may be repeated")
    parser.add_argument("--without", action="append", default=[], help="leave out these callers")
    parser.add_argument("--keep", type=Path, help="keep logs and Asterisk's records in this folder")
    return parser


def _go_alone() -> None:
    """Mounts and processes of this run in namespaces of their own: all gone however it ends."""
    if os.environ.get(_ALONE):
        return
    os.environ[_ALONE] = "1"
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    command += ["--propagation", "private", sys.executable, "-m", "tests.faults", *sys.argv[1:]]
    os.execvp(command[0], command)


def _run(options: argparse.Namespace, shape: str) -> int:
    chosen = Options(
        calls=options.calls,
        faults=options.faults,
        seed=options.seed,
        rate=options.rate,
        split=shape == "split",
        scale=options.scale,
        only=tuple(options.only),
        without=frozenset(options.without),
    )
    print(f"{shape}: {chosen.calls} calls, seed {chosen.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="callcenter-faults-"))
    began = time.monotonic()
    keep = options.keep / shape if options.keep else None
    try:
        outcome = Run(chosen, folder, keep)()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(report.details(outcome.differences))
    print(f"\n{shape}, seed {chosen.seed}, {time.monotonic() - began:.0f} s")
    print(report.tables(outcome.faults, outcome.calls, outcome.differences))
    print(f"processes started again: {outcome.restarts}")
    mended = {row["cause"]: row["calls"] for row in outcome.repairs}
    print(f"calls mended by the ledger: {mended}; not confirmed by it: {outcome.unsettled}")
    verdict = report.verdict(outcome.differences)
    print(", ".join(f"{count} {kind}" for kind, count in verdict.items()), flush=True)
    return 1 if any(verdict.values()) or not outcome.calls else 0


if __name__ == "__main__":
    sys.exit(main())
