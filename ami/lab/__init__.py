"""A real Asterisk to develop, test and show the product with: started here, stopped here.

    from ami.lab import available, LabPbx
    possible, why = available()
    with LabPbx(work_dir, agi=("127.0.0.1", 4573)) as pbx:
        pbx.ami_url, pbx.cel_path, pbx.plan, pbx.console("core show channels"), pbx.cdr_rows()

    from ami.lab.traffic import run_demo, DemoTraffic     # callers and desk phones, see there

`rootfs` makes the cached root file system, `pbx` runs Asterisk in it, `phones` plays callers and
phones by SIPp, `softphones` are phones that a script uses as a person does (hold, transfer, keys),
`stage` is what such a script has in its hands, `recorder` records scenarios, `traffic` is the
demo's gentle flow of calls.

This file imports only what `rootfs` may import (it runs before the virtual environment exists);
`LabPbx` is loaded when it is first asked for.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ami.lab.pbx import LabPbx as LabPbx

__all__ = ["LabPbx", "available"]


def available() -> tuple[bool, str]:
    """Whether this machine can run the lab; if not, why and what would help."""
    from ami.lab import rootfs  # noqa: PLC0415 - python -m ami.lab.rootfs must not meet itself

    why = rootfs.why_impossible()
    if not why and shutil.which("sipp") is None:
        why = "the PBX lab needs SIPp for its callers and phones: apt-get install sip-tester"
    return not why, why


def __getattr__(name: str) -> Any:
    if name == "LabPbx":
        from ami.lab.pbx import LabPbx  # noqa: PLC0415 - needs the virtual environment

        return LabPbx
    raise AttributeError(name)
