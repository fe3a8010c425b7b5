"""When callers are not asked for their PINs: somebody may be guessing. Pure.

Over the whole centre, wrong PINs are counted for an hour, or since an administrator lifted the last
halt. At the limit strangers are not asked any more. If nobody were, a few dozen wrong PINs an hour,
keyed by whomever, would send every customer to people all day long. So some are still asked, and
the question is who. The number that a call comes from proves nothing, since whoever calls writes it
themselves; what follows is what an attacker who knows that can still do.

A number that stands on a card and has no failure is *not* enough. Lists of people's numbers are
sold; each forged number would buy one more guess, and there would be no limit at all. Nor is it
enough that a number gave some right PIN lately: whoever has one account may prove a thousand
forged numbers by their own PIN, and then guess once from each at somebody else's.

A number is still asked when the last PIN it gave for a customer was right, that PIN holds today,
and no month has passed. It is then known as that one customer alone; whomever else it tries to be,
it is refused without a look at the PIN. So

- a forged number buys a guess only at whoever it belongs to, and only to somebody who knows which
  customer number goes with it; one wrong PIN, and it proves that customer no more. Who knows the
  phone number alone can neither guess nor take the proof away;
- these guesses have a limit of their own, half of the other: customers, each counted once however
  often they were tried. An attacker has about one and a half times the guesses, not more; one with
  a few accounts of their own cannot use this limit up, and so cannot close the door for all others;
- the lock of each customer and the limit of each number hold as ever.

What it tells: while strangers are not asked, a forged number that is asked has proved itself within
the month. That says that a number is some customer's, which the way a call is led says as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(hours=1)
PROOF_HOLDS: Final = timedelta(days=30)
"""Tries are not kept for longer than this."""
HALTED: Final = "caller_pins_halted"
LIFTED: Final = "caller_pins_lifted"
"""In the audit log. The count begins anew at the last lifting that stands there."""
WHERE: Final = ("caller_pins", "centre")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What was tried lately, as a caller is about to try."""

    since: datetime
    """The window's beginning, or when a halt was lifted in it."""
    failures: int
    """Over the whole centre since then."""
    from_caller: int
    """Failures from this number within the window, lifted or not."""
    proven: bool
    """The last PIN that this number gave for the customer (for any, before they have said who they
    are) was right, not long ago, and holds today."""
    mistaken: int
    """Customers at whom a number failed since then that had proved to be theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Strangers are not asked now."""

    since: datetime
    until: datetime
    """If nobody fails any more."""
    failures: int
    numbers: int
    """From how many caller numbers, hidden ones apart."""
    hidden: int
    """Failures of callers who hid theirs."""


def is_asked(tries: Tries, most: int) -> bool:
    """`most`: failures over the whole centre at which strangers are not asked any more."""
    return tries.failures < most or (tries.proven and tries.mistaken < most // 2)
