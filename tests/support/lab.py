"""Fixtures of the real PBX: import what a folder needs into its `conftest.py`.

    from tests.support.lab import lab_pbx, make_lab  # noqa: F401

`lab_pbx` is one Asterisk for the whole session, without a CRM behind it (its FastAGI address
refuses connections, so that calls take the default route). `make_lab(agi=…, **plan)` starts one
more, of the test's own, and stops it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ami.lab import LabPbx, available, rootfs
from ami.lab.pbx import lab_plan
from ami.lab.ports import free_tcp_port
from tests.support.require import lacking

MakeLab = Callable[..., LabPbx]


def require_lab() -> None:
    """Skip (or fail) unless this machine can run the PBX lab."""
    possible, why = available()
    if not possible:
        lacking("pbx", why, "sudo make pbx-rootfs, and: apt-get install sip-tester")


def require_older_lab(version: str) -> None:
    """Skip where nobody asked for an older Asterisk: it is tried where somebody made its tree."""
    if not rootfs.is_ready(version):
        pytest.skip(
            f"needs Asterisk {version}; enable with: sudo make pbx-rootfs ASTERISK={version}"
        )


@pytest.fixture(scope="session")
def lab_pbx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPbx]:
    require_lab()
    nobody = ("127.0.0.1", free_tcp_port())
    with LabPbx(tmp_path_factory.mktemp("lab"), agi=nobody) as pbx:
        yield pbx


@pytest.fixture
def make_lab(tmp_path: Path) -> Iterator[MakeLab]:
    require_lab()
    with ExitStack() as stack:
        made: list[LabPbx] = []

        def make(agi: tuple[str, int] | None = None, **plan: Any) -> LabPbx:
            folder = tmp_path / f"lab{len(made)}"
            address = agi or ("127.0.0.1", free_tcp_port())
            made.append(LabPbx(folder, plan=lab_plan(address, **plan)))
            return stack.enter_context(made[-1])

        yield make
