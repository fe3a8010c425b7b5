"""What services say when they refuse, in the user's language.

Services speak English and know no translations. Their sentences are recognised here; one that is
not is shown as it is, which is better than nothing said.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l

from callcenter.archive.months import NO_MEMORY
from callcenter.errors import ProductError, Unavailable
from web import (
    archive_words,
    outcome_words,
    people_refusals,
    privacy_words,
    quality_refusals,
    report_refusals,
    supervision_refusals,
    trade_words,
)

_KNOWN: tuple[tuple[str, Any], ...] = (
    (
        r"somebody else changed this (customer|task) meanwhile.*",
        _l("Somebody else changed this meanwhile. Reload to see it, then make your change again."),
    ),
    (
        r"(somebody else changed the draft|the rules were changed) meanwhile.*",
        _l("Somebody else changed the draft meanwhile. Look at it again, then make your change."),
    ),
    (
        r"other rules were published since this draft was begun",
        _l("Other rules were published since this draft was begun."),
    ),
    (r"these rules have errors.*", _l("These rules have errors. They stand beside the rules.")),
    (r"there is no draft.*", _l("There is no draft any more.")),
    (r"somebody took this conversation already", _l("Somebody took this conversation already.")),
    (r"this conversation is closed", _l("This conversation is closed.")),
    (r"sending mail is not set up", _l("Sending mail is not set up.")),
    (r"sending short messages is not set up", _l("Sending short messages is not set up.")),
    (
        r"there is no consent to advertising over this channel",
        _l("There is no consent to advertising over this channel."),
    ),
    (
        r"they asked not to be written to at this address",
        _l("They asked not to be written to at this address."),
    ),
    (r"say what it was about", _l("Say what it was about.")),
    (r"give it a name", _l("Give it a name.")),
    (
        r"keys of voice menus are told for three months at most",
        _l("Keys of voice menus are told for three months at most. Choose a shorter period."),
    ),
    (
        r"has more filters than can be kept; take some away",
        _l("There are more filters than can be kept. Take some away."),
    ),
    (
        r"this was begun in another window; look again",
        _l("This was begun in another window already. Look again."),
    ),
    (r"a card cannot be joined with itself", _l("A card cannot be joined with itself.")),
    (
        r"customer \d+ was joined with another already",
        _l("One of these cards was joined with another already. Open that one instead."),
    ),
    (
        r"customer \d+ was joined with \d+ since; part those first",
        _l("This card was joined with another since. Part those two first."),
    ),
    (r"these cards were parted already", _l("These cards were parted already.")),
    (
        r"what these cards were has been erased",
        _l("What these cards said has been erased, so they cannot be parted."),
    ),
    (r"this was taken back already", _l("This was taken back already.")),
    (
        r"this is still running; wait until it has ended",
        _l("This is still running. Wait until it has ended."),
    ),
    (r"a search is under way already", _l("A search is under way already.")),
    (r"this is not deleted", _l("This is not deleted.")),
    (
        r"this was joined with another; take that back instead",
        _l("This card was joined with another. Part the two instead."),
    ),
    (r"there was nothing before this", _l("There was nothing before this.")),
    (
        r"there is no (batch|merge|change|organization|deal) .*",
        _l("It is not there any more."),
    ),
    (r"a customer needs a name or a number", _l("A customer needs a name or a number.")),
    (r"must have at most (?P<limit>\d+) characters", _l("At most %(limit)s characters, please.")),
    (
        r"(?P<name>.+) looks after it already",
        _l("%(name)s looks after it already."),
    ),
    (r"is not an e-mail address", _l("This is not an e-mail address.")),
    (r"must be a language code such as pl", _l("This is not a language we know.")),
    (r"at most (?P<limit>\d+) numbers", _l("At most %(limit)s numbers.")),
    (
        r"is not a telephone number we can read",
        _l("This is not a telephone number we can read. Write it with its country: +48 22 …"),
    ),
    (r"this number cannot be dialled", _l("This number cannot be dialled.")),
    (r"you may not call outside numbers", _l("You may not call outside numbers.")),
    (r"you may not call this country", _l("You may not call this country.")),
    (
        r"you have placed as many calls as you may in an hour.*",
        _l("You have placed as many calls as you may in an hour. Try again later."),
    ),
    (r"write the beginnings of numbers.*", _l("Write the beginnings of numbers: +48, +44 20.")),
    (r"write how many calls an hour.*", _l("Write how many calls an hour; 0 for no limit.")),
    (r"you have no phone.*", _l("You have no phone: an administrator gives you one.")),
    (r"a call of yours is being placed already", _l("A call of yours is being placed already.")),
    (r"you do not speak on this call", _l("You do not speak on this call.")),
    (r"this call is over", _l("This call is over.")),
    (r"the wrap-up is over", _l("The wrap-up is over already.")),
    (r"must be from 0 to (?P<most>\d+)", _l("From 0 to %(most)s, please.")),
    (r"must be from 1 to (?P<most>\d+)", _l("From 1 to %(most)s, please.")),
    (
        r"letters, digits, dot, dash and underscore, at most 40",
        _l("Latin letters, digits, dots, dashes and underscores; at most 40."),
    ),
    (r"there is nobody to park", _l("There is nobody to park.")),
    (
        r"there is no (customer|interaction|user|token|task|missed call|message) .*",
        _l("It is not there any more."),
    ),
    (r"there is a user (?P<name>.+) already", _l("There is a user %(name)s already.")),
    (r"(?P<name>\S+) is another user's phone", _l("%(name)s is another user's phone.")),
    (r"this is not your password", _l("This is not your password.")),
    (r"this call is not recorded", _l("This call is not recorded.")),
    (r"say what is to be done", _l("Say what is to be done.")),
    (r"is not a date and time", _l("This is not a date and time.")),
    (r"is too far away", _l("This date is too far away.")),
    (r"must be a number of minutes", _l("Say how many minutes before.")),
    (r"this task is not open any more", _l("This task is not open any more.")),
    (
        r"this task is somebody else's",
        _l("This task is somebody else's. Ask them or a supervisor to change it."),
    ),
    (
        r"somebody else is calling back already",
        _l("Somebody else is calling back already."),
    ),
    (r"this number is off the list already", _l("This number is off the list already.")),
    (r"this call-back is off the list already", _l("This call-back is off the list already.")),
    (
        r"this call-back has just changed: look again",
        _l("This call-back has just changed. Look again."),
    ),
    (
        r"this is outside the hours in which callers may be called",
        _l("These are not the hours in which callers may be called."),
    ),
    (r"this message is done already", _l("This message is done already.")),
    (r"somebody else has taken it already", _l("Somebody else has taken it already.")),
    (
        r"there is no such person with a phone",
        _l("There is no such person, or they have no phone."),
    ),
    (r"must be 0, or at least (?P<least>\d+)", _l("0, or at least %(least)s, please.")),
    (
        r"must be a queue, a call-back or a message",
        _l("Choose a queue, a call-back or a message."),
    ),
    (
        r"callers would wait in the same queue again",
        _l("Callers would wait in the same queue again. Choose another."),
    ),
    (
        r"at most eight keys of prompts, with spaces between them",
        _l("At most eight messages, please."),
    ),
    (r"say why it need not be called back", _l("Say why nobody need call back.")),
    (r"operators write to the supervisors", _l("Operators write to the supervisors.")),
    (r"this is yourself", _l("This is you yourself.")),
    (r"nobody works in this queue", _l("Nobody works in this queue.")),
    (r"somebody is coming already", _l("Somebody is coming already.")),
    (r"this conversation is others'", _l("This conversation is not yours.")),
    (
        r"this call for help is another operator's",
        _l("This call for help is another operator's."),
    ),
    (r"write something first", _l("Write something first.")),
    (r"say what the token is for", _l("Say what the token is for.")),
    (
        r"is not accepted; it must be: a device such as PJSIP/1001",
        _l("This is not a device name. Write it as the PBX does: PJSIP/1001."),
    ),
    (r"is not accepted; it must be: (digits|a number)", _l("Only digits, please.")),
    (
        r"is not accepted; it must be: 2 to 64 of .*",
        _l("2 to 64 small Latin letters, digits, dots, dashes or underscores."),
    ),
    (r"is not accepted; it must be: .*", _l("This value is not accepted.")),
    (r"must have at least (?P<limit>\d+) characters", _l("At least %(limit)s characters, please.")),
    (r"must not contain the user name", _l("The password must not contain the user name.")),
    (
        r"must not repeat the same few characters",
        _l("This password repeats too few characters; take another."),
    ),
)
_PATTERNS = tuple(
    (re.compile(pattern, re.DOTALL), text)
    for pattern, text in (
        *_KNOWN,
        *outcome_words.KNOWN,
        *privacy_words.KNOWN,
        *archive_words.KNOWN,
        *trade_words.KNOWN,
        *people_refusals.KNOWN,
        *supervision_refusals.KNOWN,
        *quality_refusals.KNOWN,
        *report_refusals.KNOWN,
    )
)
_UNAVAILABLE = _l("The database does not answer at the moment. Try again in a moment.")


_MUCH = _l(
    "This is more than the archive has memory for at the moment. Try again in a moment, or ask for "
    "a shorter time."
)


def words_of(error: ProductError) -> str:
    if isinstance(error, Unavailable) and error.message == NO_MEMORY:
        return str(_MUCH)
    if isinstance(error, Unavailable):
        return str(_UNAVAILABLE)
    said = str(error.message)
    for pattern, text in _PATTERNS:
        if found := pattern.fullmatch(said):
            values = {
                name: _shown(name, value) for name, value in found.groupdict().items() if value
            }
            return str(text) % values if values else str(text)
    return said[:1].upper() + said[1:]


def _shown(name: str, value: str) -> str:
    """`at` is a moment, shown by the user's clock."""
    return format_datetime(datetime.fromisoformat(value), "HH:mm:ss") if name == "at" else value
