"""The script `ping`: shows `callcenter pbx check` that this server answers."""

from __future__ import annotations

from agi_scripts.session import AgiSession
from agi_scripts.variables import CRM_PING


async def ping(session: AgiSession) -> None:
    await session.finish({CRM_PING: "ok"})
