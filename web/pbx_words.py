"""What is wrong with a plan, and how applying it went, in the reader's words."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _l

from callcenter.errors import ProductError
from callcenter.services.pbx_plan import Refused
from web.service_words import words_of

_PROBLEMS: Final[dict[str, Any]] = {
    "name": _l("1 to 40 Latin letters, digits, dashes and underscores, please."),
    "extension": _l("2 to 8 digits, please, such as 1001."),
    "number": _l("Write the number with its country: +48 and so on."),
    "prefix": _l("Write beginnings of numbers, such as +48 +49."),
    "queue_name": _l("A small Latin letter, then up to 30 small letters, digits and dashes."),
    "not_queue": _l("This word means something else to Asterisk. Take another."),
    "title": _l("At most 80 characters on one line."),
    "label": _l("Letters, digits, spaces, dots and dashes only: phones show it."),
    "host": _l("This is not a host name or an IP address."),
    "ip": _l("Write IP addresses or networks, such as 203.0.113.10 or 203.0.113.0/28."),
    "region": _l("Write the country with two capitals, such as PL."),
    "language": _l("Write the language with two letters, such as en."),
    "sound": _l("Write the name of a sound without its folder, such as ss-noservice."),
    "seconds": _l("From 1 to 86400 seconds, please."),
    "wrapup_seconds": _l("From 0 to 86400 seconds, please."),
    "weight": _l("From 0 to 100, please."),
    "whole": _l("Write a number."),
    "port": _l("A port is a number from 1 to 65535."),
    "rtp": _l("The first port must be below the last."),
    "desk_phones": _l("From 1 to 10, please."),
    "strategy": _l("Choose one of the list."),
    "place": _l("Choose a place of the list."),
    "needed": _l("Say where it leads."),
    "key": _l("A key is one of 0-9, * and #."),
    "key_twice": _l("One key leads to two places."),
    "empty_group": _l("Somebody must be in it."),
    "account": _l("Letters, digits and + . _ - only, please."),
    "account_needed": _l("Signing in needs the user name of the account."),
    "secret_needed": _l("The account needs a password."),
    "given_secret": _l("Up to 80 plain characters without spaces, semicolons and backslashes."),
    "no_way_out": _l("Calls must go out by one of the trunks."),
    "no_trunk": _l("There must be one trunk."),
    "twice": _l("%(about)s is used already."),
    "taken": _l("%(about)s is the echo test's or a parking place's."),
    "default_queue": _l("There is no queue %(about)s: choose another for everything else first."),
    "no_operator": _l("Something leads to the phone %(about)s, which would not be there."),
    "no_queue": _l("Something leads to the queue %(about)s, which would not be there."),
    "no_group": _l("Something leads to the group %(about)s, which would not be there."),
    "no_mailbox": _l("Something leads to the mailbox of %(about)s, which has none."),
    "circle": _l("A call would go round in a circle: %(about)s"),
    "prefixes": _l("%(about)s is in no country that may be called (under General)."),
    "config_user": _l("The manager must listen on 127.0.0.1 (or 0.0.0.0) for that."),
}
STEPS: Final[dict[str, Any]] = {
    "render": _l("Write out the plan and read it back"),
    "compare": _l("Compare with what lies in the folder"),
    "reach": _l("Reach the PBX"),
    "back_up": _l("Keep a copy of what is there"),
    "write": _l("Write the files"),
    "reload": _l("Reload"),
    "check": _l("Ask the PBX what it has"),
    "put_back": _l("Put the old files back"),
    "reload_back": _l("Reload the old files"),
    "error": _l("Something unexpected happened"),
}
RESULTS: Final[dict[str, tuple[str, str, Any]]] = {
    "running": ("talking", "refresh", _l("Under way")),
    "applied": ("ok", "circle-check", _l("The PBX has it")),
    "nothing": ("ok", "circle-check", _l("Nothing to change")),
    "refused": ("warn", "alert-triangle", _l("Nothing was changed")),
    "undone": ("warn", "arrow-back-up", _l("It failed, and all is as it was")),
    "broken": ("bad", "alert-triangle", _l("It failed: look at the PBX")),
}
FILE_STATES: Final[dict[str, tuple[str, str, Any]]] = {
    "same": ("ok", "circle-check", _l("As the plan has it")),
    "changed": ("new", "pencil", _l("Will be changed")),
    "missing": ("new", "plus", _l("Is not there yet")),
    "foreign": ("warn", "alert-triangle", _l("Changed by somebody else")),
}
KINDS: Final[dict[str, Any]] = {
    "queue": _l("Queue"),
    "menu": _l("Voice menu"),
    "ivr": _l("The PBX's own short menu"),
    "operator": _l("Phone"),
    "group": _l("Group"),
    "voicemail": _l("Mailbox"),
    "announcement": _l("Announcement"),
}


def problem_of(error: ProductError) -> str:
    if not isinstance(error, Refused):
        return words_of(error)
    found = _PROBLEMS.get(error.error.code)
    return str(found) % {"about": error.error.about} if found else str(error.error)


def place_words(kind: str, target: str) -> str:
    word = str(KINDS.get(kind, kind))
    return f"{word} {target}" if target else word
