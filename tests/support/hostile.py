"""What a caller, a phone or a network may send as a name or a number, and worse."""

from __future__ import annotations

import random
from collections.abc import Iterator

SEEDS = (
    '"', "\\", "\r\n", "\n", "\r", "\0", "\x1b[31m", "\t", "\x7f", "\x80\xff", "\u2028", "\u202e",
    "\ud800", "𝕏" * 9, "é", "İ", "٣٤", "%s%n", "%0d%0a", "${SHELL(id)}", "${CRM_ROUTE}", "$[1/0]",
    "&PJSIP/trunk", "PJSIP/1001", "Local/1@crm-outbound", "+48501501501@trunk", "1,CRM_ROUTE=vip",
    "agi_callerid: 1", "agi_network_script: ping", "SET VARIABLE CRM_ROUTE x", "EXEC System x",
    "Action: Originate", "Event: Hangup\r\n\r\nAction: Command", "200 result=1", "HANGUP",
    "' OR 1=1 --", "'; DROP TABLE customers; --", "\\'; --", "{{7*7}}", "<script>alert(1)</script>",
    '"><img src=x onerror=x>', "javascript:x", "=cmd|' /C calc'!A0", "../../etc/passwd", "*", "+",
    "", " ", "0" * 64, "+48601000001", "anonymous", "x" * 8100,
)  # fmt: skip


def values(many: int) -> Iterator[str]:
    """Seeds one after the other, then two or three of them put together."""
    dice = random.Random(20261122)
    yield from SEEDS
    for _ in range(many - len(SEEDS)):
        yield "".join(dice.choices(SEEDS, k=dice.randint(2, 3)))
