"""Owns the cached root file systems that hold Asterisk (`make pbx-rootfs`, `… ASTERISK=16`).

Asterisk 22 is what the product is made for; 16 is the old one that many still run, and is made only
when somebody asks for it.

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Debian has no Polish prompts: Asterisk plays the English ones to a caller whose language is pl.
PACKAGES = (
    "asterisk",
    "asterisk-core-sounds-en-gsm",
    "asterisk-core-sounds-ru-gsm",
    "asterisk-moh-opsound-gsm",
)


@dataclass(frozen=True, slots=True)
class Release:
    """One Asterisk that the lab can run, and the Debian suites that have it, best first."""

    name: str
    minimum: tuple[int, ...]
    suites: tuple[str, ...]
    recipe: int
    """Raise it when the tree's content changes, so that old trees are not taken for new ones."""
    packages: tuple[str, ...] = PACKAGES


CURRENT = "22"
RELEASES = {
    "22": Release("22", minimum=(22, 10, 1), suites=("forky", "sid"), recipe=2),
    "16": Release(
        "16",
        minimum=(16, 28),
        suites=("bullseye",),
        recipe=1,
        packages=(*PACKAGES, "asterisk-opus", "asterisk-voicemail"),  # later ones bring them along
    ),
}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SCRIPTS = Path("/usr/share/debootstrap/scripts")
MARKER = "callcenter-rootfs.json"
TOOLS = ("unshare", "nsenter", "setpriv", "chroot", "mount")


class RootfsError(Exception):
    """The PBX's root file system cannot be had here; the message says why and what to do."""


def cache_folder() -> Path:
    return Path(os.environ.get("CALLCENTER_CACHE") or "/var/cache/callcenter")


def release_of(name: str) -> Release:
    if name not in RELEASES:
        raise RootfsError(f"no Asterisk {name!r} for the lab: there are {', '.join(RELEASES)}")
    return RELEASES[name]


def rootfs_path(version: str = CURRENT) -> Path:
    release = release_of(version)
    name = f"asterisk-{release.name}-r{release.recipe}-{platform.machine()}"
    return cache_folder() / name


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


def is_ready(version: str = CURRENT) -> bool:
    installed = installed_version(rootfs_path(version))
    return installed is not None and installed >= release_of(version).minimum


def why_impossible(version: str = CURRENT) -> str:
    """Why this machine cannot run the PBX lab; empty where it can."""
    if sys.platform != "linux":
        return "the PBX lab needs Linux"
    if os.geteuid() != 0:
        return "the PBX lab needs root (it makes a root file system and mounts it)"
    lacking = [tool for tool in TOOLS if shutil.which(tool) is None]
    if lacking:
        return f"the PBX lab needs {', '.join(lacking)} (package util-linux)"
    if is_ready(version) or (shutil.which("debootstrap") and KEYRING.exists()):
        return ""
    if shutil.which("apt-get") is None:
        return "the PBX lab needs debootstrap and debian-archive-keyring (Debian or Ubuntu)"
    return ""


def ensure(version: str = CURRENT) -> Path:
    """Path of the finished tree; makes it first where needed."""
    root = rootfs_path(version)
    why = why_impossible(version)
    if why:
        raise RootfsError(why)
    if is_ready(version):
        return root
    with _only_maker(version):
        if not is_ready(version):
            _install_debootstrap()
            _make(root, release_of(version))
    return root


@contextmanager
def _only_maker(version: str) -> Iterator[None]:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / f".asterisk-{version}.lock").open("w")
    except OSError as error:
        raise RootfsError(
            f"cannot write to {folder} ({error.strerror}): set CALLCENTER_CACHE to a folder you own"
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for half_made in folder.glob(f".asterisk-{version}-*.partial"):
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


def _make(root: Path, release: Release) -> None:
    mirror = os.environ.get("DEBIAN_MIRROR") or "http://deb.debian.org/debian"
    faults = []
    for suite in release.suites:
        partial = root.parent / f".asterisk-{release.name}-{os.getpid()}.partial"
        _say(f"making {root} from Debian {suite} (about a minute, 500 MB)")
        fault = _debootstrap(suite, partial, mirror, release.packages)
        fault = fault or _finish(partial, suite, release)
        if not fault:
            shutil.rmtree(root, ignore_errors=True)
            partial.rename(root)
            return
        faults.append(f"{suite}: {fault}")
        shutil.rmtree(partial, ignore_errors=True)
    raise RootfsError("no Asterisk root file system:\n  " + "\n  ".join(faults))


def _debootstrap(suite: str, target: Path, mirror: str, packages: tuple[str, ...]) -> str:
    """Fill `target`; the words of the failure, or nothing."""
    log = target.with_suffix(".log")
    # In a mount namespace of its own: what debootstrap mounts vanishes with it, however it ends.
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private"]
    command += ["debootstrap", "--variant=minbase", f"--keyring={KEYRING}"]
    command += [f"--include={','.join(packages)}", suite, str(target), mirror]
    script = suite if (SCRIPTS / suite).exists() else "sid"
    command.append(str(SCRIPTS / script))
    with log.open("w") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False)
    tail = " | ".join(log.read_text("utf-8", "replace").splitlines()[-3:])
    if done.returncode != 0:
        return f"debootstrap failed: {tail} (whole log: {log})"
    log.unlink()
    return ""


def _finish(root: Path, suite: str, release: Release) -> str:
    """Check the version, drop what nobody reads, write the marker that calls the tree finished."""
    asked = subprocess.run(
        ["chroot", str(root), "asterisk", "-V"], capture_output=True, text=True, check=False
    )
    try:
        version = version_of(asked.stdout)
    except ValueError:
        return f"Asterisk does not run: {(asked.stderr or asked.stdout).strip()}"
    if version < release.minimum:
        wanted = ".".join(map(str, release.minimum))
        return f"has Asterisk {'.'.join(map(str, version))}, at least {wanted} is needed"
    sounds = root / "usr/share/asterisk/sounds"
    if not (sounds / "ru").is_symlink():  # the package names its folder after the voice only
        (sounds / "ru").symlink_to("ru_RU_f_IvrvoiceRU")
    (root / "etc/hosts").touch()  # each lab mounts its own over it
    for useless in ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc"):
        shutil.rmtree(root / useless, ignore_errors=True)
    marker = {"asterisk": asked.stdout.strip(), "suite": suite, "packages": release.packages}
    (root / MARKER).write_text(json.dumps(marker) + "\n", "utf-8")
    return ""


def _say(text: str) -> None:
    print(f"pbx-rootfs: {text}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] = ()) -> int:
    try:
        root = ensure(*arguments)
    except RootfsError as error:
        _say(str(error))
        return 1
    _say(f"Asterisk {'.'.join(map(str, installed_version(root) or ()))} in {root}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:2]))
