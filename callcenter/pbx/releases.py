"""What an older Asterisk spells differently: the releases that the configuration is written for.

22 is what the product is made for. 16 (Debian bullseye) is rendered and tried as well; what lies
between takes 16's spelling as far as its documentation says, and was not tried.
"""

from __future__ import annotations

from dataclasses import dataclass

from callcenter.pbx.values import PlanError

CURRENT = "22"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """`True` is how the current release does it."""

    name: str
    modules: str
    """The folder in which Debian's package keeps the modules."""
    named_filters: bool = True
    """Manager filters by event and header; before, a regular expression over the whole event."""
    ledger_quotes: bool = True
    """cel_custom quotes by itself (res_cdrel_custom); before, each field says CSV_QUOTE."""
    digest_auth: str = "digest"
    """pjsip's word for a password that is checked by digest."""


RELEASES = {
    "22": Release(name="22", modules="/usr/lib/x86_64-linux-gnu/asterisk/modules"),
    "16": Release(
        name="16",
        modules="/usr/lib/asterisk/modules",
        named_filters=False,
        ledger_quotes=False,
        digest_auth="userpass",
    ),
}


def release_of(name: str) -> Release:
    if name not in RELEASES:
        known = ", ".join(RELEASES)
        raise PlanError(f"asterisk: {name!r} is not one of {known}")
    return RELEASES[name]
