"""Owns the cached root file system that holds Asterisk 22 (`make pbx-rootfs`).

Runs before the virtual environment exists, so it may import the standard library only. The tree
is made by debootstrap in a temporary folder and renamed when it is whole; makers that run at the
same time wait for each other. Nothing outside the cache folder is changed, except that
debootstrap itself is installed where it is missing.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MINIMUM = (22, 10, 1)
RECIPE = 2  # raise it when the tree's content changes, so that old trees are not taken for new ones
# Debian has no Polish prompts: Asterisk plays the English ones to a caller whose language is pl.
PACKAGES = (
    "asterisk",
    "asterisk-core-sounds-en-gsm",
    "asterisk-core-sounds-ru-gsm",
    "asterisk-moh-opsound-gsm",
)
SUITES = ("forky", "sid")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SCRIPTS = Path("/usr/share/debootstrap/scripts")
MARKER = "callcenter-rootfs.json"
TOOLS = ("unshare", "nsenter", "setpriv", "chroot", "mount")


class RootfsError(Exception):
    """The PBX's root file system cannot be had here; the message says why and what to do."""


def cache_folder() -> Path:
    return Path(os.environ.get("CALLCENTER_CACHE") or "/var/cache/callcenter")


def rootfs_path() -> Path:
    return cache_folder() / f"asterisk-22-r{RECIPE}-{platform.machine()}"


def installed_version(root: Path) -> tuple[int, ...] | None:
    """Version of Asterisk in a finished tree, None where there is none."""
    try:
        return version_of(str(json.loads((root / MARKER).read_text("utf-8"))["asterisk"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def version_of(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    if found is None:
        raise ValueError(f"no version in {text!r}")
    return tuple(int(part) for part in found.groups())


def is_ready() -> bool:
    version = installed_version(rootfs_path())
    return version is not None and version >= MINIMUM


def why_impossible() -> str:
    """Why this machine cannot run the PBX lab; empty where it can."""
    if sys.platform != "linux":
        return "the PBX lab needs Linux"
    if os.geteuid() != 0:
        return "the PBX lab needs root (it makes a root file system and mounts it)"
    lacking = [tool for tool in TOOLS if shutil.which(tool) is None]
    if lacking:
        return f"the PBX lab needs {', '.join(lacking)} (package util-linux)"
    if is_ready() or (shutil.which("debootstrap") and KEYRING.exists()):
        return ""
    if shutil.which("apt-get") is None:
        return "the PBX lab needs debootstrap and debian-archive-keyring (Debian or Ubuntu)"
    return ""


def ensure() -> Path:
    """Path of the finished tree; makes it first where needed."""
    why = why_impossible()
    if why:
        raise RootfsError(why)
    root = rootfs_path()
    if is_ready():
        return root
    with _only_maker():
        if not is_ready():
            _install_debootstrap()
            _make(root)
    return root


@contextmanager
def _only_maker() -> Iterator[None]:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".asterisk-22.lock").open("w")
    except OSError as error:
        raise RootfsError(
            f"cannot write to {folder} ({error.strerror}): set CALLCENTER_CACHE to a folder you own"
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for half_made in folder.glob(".asterisk-22-*.partial"):
            shutil.rmtree(half_made, ignore_errors=True)
        yield


def _install_debootstrap() -> None:
    if shutil.which("debootstrap") and KEYRING.exists():
        return
    _say("installing debootstrap")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], check=False, env=environment)
    names = ["debootstrap", "debian-archive-keyring"]
    command = ["apt-get", "install", "-qy", "--no-install-recommends", *names]
    if subprocess.run(command, check=False, env=environment).returncode != 0:
        raise RootfsError("could not install debootstrap: run `apt-get install debootstrap`")


def _make(root: Path) -> None:
    mirror = os.environ.get("DEBIAN_MIRROR") or "http://deb.debian.org/debian"
    faults = []
    for suite in SUITES:
        partial = root.parent / f".asterisk-22-{os.getpid()}.partial"
        _say(f"making {root} from Debian {suite} (about a minute, 500 MB)")
        fault = _debootstrap(suite, partial, mirror) or _finish(partial, suite)
        if not fault:
            shutil.rmtree(root, ignore_errors=True)
            partial.rename(root)
            return
        faults.append(f"{suite}: {fault}")
        shutil.rmtree(partial, ignore_errors=True)
    raise RootfsError("no Asterisk root file system:\n  " + "\n  ".join(faults))


def _debootstrap(suite: str, target: Path, mirror: str) -> str:
    """Fill `target`; the words of the failure, or nothing."""
    log = target.with_suffix(".log")
    # In a mount namespace of its own: what debootstrap mounts vanishes with it, however it ends.
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private"]
    command += ["debootstrap", "--variant=minbase", f"--keyring={KEYRING}"]
    command += [f"--include={','.join(PACKAGES)}", suite, str(target), mirror]
    script = suite if (SCRIPTS / suite).exists() else "sid"
    command.append(str(SCRIPTS / script))
    with log.open("w") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False)
    tail = " | ".join(log.read_text("utf-8", "replace").splitlines()[-3:])
    if done.returncode != 0:
        return f"debootstrap failed: {tail} (whole log: {log})"
    log.unlink()
    return ""


def _finish(root: Path, suite: str) -> str:
    """Check the version, drop what nobody reads, write the marker that calls the tree finished."""
    asked = subprocess.run(
        ["chroot", str(root), "asterisk", "-V"], capture_output=True, text=True, check=False
    )
    try:
        version = version_of(asked.stdout)
    except ValueError:
        return f"Asterisk does not run: {(asked.stderr or asked.stdout).strip()}"
    if version < MINIMUM:
        wanted = ".".join(map(str, MINIMUM))
        return f"has Asterisk {'.'.join(map(str, version))}, at least {wanted} is needed"
    sounds = root / "usr/share/asterisk/sounds"
    if not (sounds / "ru").is_symlink():  # the package names its folder after the voice only
        (sounds / "ru").symlink_to("ru_RU_f_IvrvoiceRU")
    (root / "etc/hosts").touch()  # each lab mounts its own over it
    for useless in ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc"):
        shutil.rmtree(root / useless, ignore_errors=True)
    marker = {"asterisk": asked.stdout.strip(), "suite": suite, "packages": PACKAGES}
    (root / MARKER).write_text(json.dumps(marker) + "\n", "utf-8")
    return ""


def _say(text: str) -> None:
    print(f"pbx-rootfs: {text}", file=sys.stderr, flush=True)


def main() -> int:
    try:
        root = ensure()
    except RootfsError as error:
        _say(str(error))
        return 1
    _say(f"Asterisk {'.'.join(map(str, installed_version(root) or ()))} in {root}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
