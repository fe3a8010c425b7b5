"""Makes the checkout runnable: virtual environment from the lock file, front end, catalogues.

Standard library only: it runs before anything is installed. Each step leaves a stamp (a hash of
what it was made from), so that a later start skips it. Usage:

    python3 scripts/prepare.py [--dev] [--no-frontend] [--pbx-tools]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "web" / "frontend"
DIST = ROOT / "web" / "static" / "dist"
NODE_VENV = ROOT / "var" / "node"
OLDEST_NODE = 18


class PrepareError(Exception):
    """What went wrong and what to do, for the terminal."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and lint need")
    parser.add_argument("--no-frontend", action="store_true")
    parser.add_argument("--pbx-tools", action="store_true", help="Debian packages of the lab")
    options = parser.parse_args()
    try:
        packages(dev=options.dev)
        if not options.no_frontend:
            frontend()
        catalogues()
        if options.pbx_tools:
            pbx_tools()
    except PrepareError as error:
        say(f"{error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def packages(*, dev: bool) -> None:
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    stamp = VENV / ".made-from"
    digest = digest_of([lock, ROOT / "setup.cfg", ROOT / "pyproject.toml"], str(ROOT))
    # The development lock holds the whole run-time lock: never go back from it.
    fit = {digest} if dev else {digest, _dev_digest()}
    if PYTHON.exists() and stamp.exists() and stamp.read_text() in fit:
        return
    with step("Python packages"):
        if not PYTHON.exists():
            make_venv(VENV)
        pip(["install", "--require-hashes", "-r", str(lock)])
        pip(["install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    stamp.write_text(digest)


def _dev_digest() -> str:
    lock = ROOT / "requirements-dev.lock"
    return digest_of([lock, ROOT / "setup.cfg", ROOT / "pyproject.toml"], str(ROOT))


def make_venv(folder: Path) -> None:
    try:
        run([sys.executable, "-m", "venv", str(folder)])
    except PrepareError as error:
        shutil.rmtree(folder, ignore_errors=True)
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise PrepareError(
            "Python cannot make a virtual environment here. On Debian or Ubuntu: "
            f"apt-get install python{version}-venv\n{error}"
        ) from error


def pip(arguments: list[str]) -> None:
    run([str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-q", *arguments])


def frontend() -> None:
    sources = [path for path in FRONTEND.rglob("*") if "node_modules" not in path.parts]
    stamp = DIST / ".made-from"
    digest = digest_of(sources)
    if stamp.exists() and stamp.read_text() == digest:
        return
    with step("Front end"):
        environment = node_environment()
        lock = digest_of([FRONTEND / "package-lock.json"])
        installed = FRONTEND / "node_modules" / ".made-from"
        if not installed.exists() or installed.read_text() != lock:
            run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FRONTEND, env=environment)
            installed.write_text(lock)
        run(["npm", "run", "--silent", "build"], cwd=FRONTEND, env=environment)
    stamp.write_text(digest)


def node_environment() -> dict[str, str]:
    """PATH with a Node.js that is new enough: the system's, else one from a Python package."""
    environment = dict(os.environ)
    if node_version(environment) >= OLDEST_NODE and shutil.which("npm"):
        return environment
    folder = NODE_VENV / "bin"
    environment["PATH"] = f"{folder}{os.pathsep}{environment['PATH']}"
    if node_version(environment) < OLDEST_NODE:
        say("  No Node.js here that is new enough: taking one from a Python package")
        make_venv(NODE_VENV)
        lock = ROOT / "requirements-node.lock"
        run([str(folder / "python"), "-m", "pip", "-q", "install", "-r", str(lock)])
    return environment


def node_version(environment: dict[str, str]) -> int:
    program = shutil.which("node", path=environment["PATH"])
    if program is None:
        return 0
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)", answer.stdout)
    return int(match.group(1)) if match else 0


def catalogues() -> None:
    folder = ROOT / "web" / "translations"
    sources = sorted(folder.rglob("*.po"))
    compiled = [path.with_suffix(".mo") for path in sources]
    newest = max((path.stat().st_mtime for path in sources), default=0.0)
    if all(path.exists() and path.stat().st_mtime >= newest for path in compiled):
        return
    with step("Translations"):
        run([str(PYTHON), "-m", "web.catalogs"])


def pbx_tools() -> None:
    """Root on Debian can have a real PBX; two small packages make and drive it."""
    wanted = {"debootstrap": "debootstrap", "sipp": "sip-tester"}
    lacking = [package for name, package in wanted.items() if not shutil.which(name)]
    if not lacking or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installing {' and '.join(lacking)} for the real PBX (PBX=simulator does without)")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *lacking]
    try:
        run(["apt-get", "update", "-q"], env=environment)
        run(install, env=environment)
    except PrepareError:
        say("  That did not work; the PBX simulator can take its place.")


class step:  # noqa: N801 - reads as a statement
    """Says what is being done, and how long it took."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        self.began = time.monotonic()
        say(f"{self.name} …")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            say(f"  done in {time.monotonic() - self.began:.0f} s")


def run(command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Quiet while it works; all it said when it does not."""
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            result = subprocess.run(
                command, cwd=cwd, env=env, stdout=output, stderr=output, check=False
            )
        except FileNotFoundError as error:
            raise PrepareError(f"There is no program {command[0]} here. Install it.") from error
        if result.returncode:
            output.seek(0)
            said = output.read()[-4000:].rstrip()
            raise PrepareError(f"{said}\n\nThis failed: {' '.join(command)}")


def digest_of(paths: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
