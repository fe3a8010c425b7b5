"""The CRM's own hand on the stage: a command is carried out as the product carries it out."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ami.hand import Hand
from ami.lab.pbx import LabError, LabPbx
from ami.outcomes import Outcome
from callcenter.ports import PbxCommand
from callcenter.settings_forms import parse_ami_urls

_SECONDS = 10.0


def carry_out(pbx: LabPbx, command: PbxCommand) -> Outcome:
    """On a link of its own. Raises LabError when the PBX did not do it."""
    outcome = asyncio.run(_carry_out(pbx, command))
    if not outcome.ok:
        raise LabError(f"{command.action}: {outcome.why}: {outcome.detail}")
    return outcome


async def _carry_out(pbx: LabPbx, command: PbxCommand) -> Outcome:
    (address,) = parse_ami_urls("AMI_ORIGINATE_URL", pbx.ami_originate_url)
    hand = Hand(replace(address, name="stage"))
    running = asyncio.ensure_future(hand.run())
    try:
        async with asyncio.timeout(_SECONDS):
            while not hand.up:
                await asyncio.sleep(0.01)
        return await hand.do(command)
    finally:
        hand.close()
        running.cancel()
