"""Every benchmark, one after the other, each with its peer beside it in the same run.

    python -m bench            (make bench)
    python -m bench NAME…      only these

Absolute figures move with the machine; the ratios are what counts. Each prints one JSON object.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

BENCHES = {
    "ami": ["bench.ami_throughput", "--postgresql"],
    "memory": ["bench.memory_over_calls"],
    "agi": ["bench.agi_decisions"],
    "dialplan": ["bench.agi_dialplan"],
    "pop": ["bench.screen_pop_latency"],
    "wallboard": ["bench.wallboard"],
    "import": ["bench.import_customers"],
    "customers": ["bench.customers"],
    "archive": ["bench.archive"],
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; default: all"
    )
    names = parser.parse_args().names or list(BENCHES)
    failed = 0
    for name in names:
        print(f"== {name}", flush=True)
        # A process each: a peer's event loop or garbage must not weigh on the next.
        failed |= subprocess.run([sys.executable, "-m", *BENCHES[name]], check=False).returncode
    return int(failed != 0)


if __name__ == "__main__":
    sys.exit(main())
