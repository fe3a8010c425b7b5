"""What services of supervisors say when they refuse, in the user's language."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

KNOWN: tuple[tuple[str, Any], ...] = (
    (
        r"no operator is talking on this call now",
        _l("No operator is talking on this call now: wait until somebody answers it."),
    ),
    (
        r"your role does not allow this: supervision, .*",
        _l("Your role does not allow this with the calls of this operator."),
    ),
    (r"you speak on this call yourself", _l("You speak on this call yourself.")),
    (
        r"you are on a call yourself: end it first",
        _l("You are on a call, or in one, yourself: end that first."),
    ),
    (r"you are in the call in this way already", _l("You are in the call in this way already.")),
    (r"you do not listen to this call", _l("You do not listen to this call any more.")),
    (
        r"this caller does not wait in a queue any more",
        _l("This caller does not wait in a queue any more."),
    ),
    (
        r"this phone is in use: choose somebody who is free",
        _l("This phone is in use: choose somebody who is free."),
    ),
    (r"there is no such person with a phone", _l("There is no such person with a phone.")),
    (r"there is no such queue", _l("There is no such queue any more.")),
    (r"there is no such role", _l("There is no such role any more.")),
    (
        r"nobody has the skill of this queue yet: give it to somebody",
        _l(
            "The telephone system itself says who works in this queue. Give its skill to its "
            "operators first: Settings, Skills."
        ),
    ),
    (r"nobody else works in this queue", _l("Nobody else works in this queue.")),
)
