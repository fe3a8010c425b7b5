"""A PBX that is a tape recorder: it plays recordings of the real lab, for machines without root.

    from ami.simulator import SimulatedPbx
    with SimulatedPbx(agi=("127.0.0.1", 4573)) as pbx:
        pbx.ami_url, pbx.plan
        pbx.play("inbound-answered", number="+48600100200").result(30)

It holds no telephony logic: what happens in a call is what happened in the lab. Only ids, numbers,
names, operators and times are new, and the CRM's own answer decides which recording goes on.

`template` finds what varies in a recording, `reading` makes a `recording` from files, `instance`
gives it fresh values, `library` knows them all, `player` plays in real time; `state`, `desk` and
`answers` are the manager's book-keeping, `session` and `server` the manager protocol, `traffic` the
demo's and the benches' calls, `pbx` what others start and stop.
"""

from __future__ import annotations

from ami.simulator.pbx import SimulatedPbx, available

__all__ = ["SimulatedPbx", "available"]
