"""What services of supervisors say when they refuse, in the user's language."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

KNOWN: tuple[tuple[str, Any], ...] = (
    (
        r"(?P<name>.+) takes this call over, since (?P<at>\S+)",
        _l("%(name)s takes this call over just now (since %(at)s)."),
    ),
    (
        r"(?P<name>.+) calls this caller up, since (?P<at>\S+)",
        _l("%(name)s sends this caller to somebody just now (since %(at)s)."),
    ),
    (
        r"(?P<name>.+) sends a caller to this phone, since (?P<at>\S+)",
        _l("%(name)s sends another caller to this phone just now (since %(at)s)."),
    ),
    (
        r"this caller waits in a queue of other teams",
        _l("This caller waits in a queue of other teams."),
    ),
    (
        r"you do this already, since (?P<at>\S+)",
        _l("You have begun this already (at %(at)s). Wait until the phone rings."),
    ),
    (
        r"no operator is talking on this call now",
        _l("No operator is talking on this call now: wait until somebody answers it."),
    ),
    (
        r"your role does not allow this: supervision, .*",
        _l("Your role does not allow this with the calls of this operator."),
    ),
    (
        r"the PBX is away; try again in a moment",
        _l("The PBX is away. Try again in a moment."),
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
    (r"choose one of your teams", _l("Choose one of your teams.")),
    (r"choose the queues of your team", _l("Choose the queues of your team.")),
    (r"has queues of other teams", _l("These are queues of other teams: take them away.")),
    (
        r"shows more of callers than you may see",
        _l("This shows more of callers than you may see yourself."),
    ),
    (
        r"this board shows queues of other teams",
        _l(
            "This board shows queues of other teams: ask an administrator to make the address of "
            "its screen."
        ),
    ),
    (
        r"this board is not your team's to change",
        _l("This board is not your team's: you may look at it only."),
    ),
    (
        r"wallboards show this team: choose another team for them first",
        _l("Wallboards show this team. Choose another team for them, or delete them, first."),
    ),
    (r"nobody else works in this queue", _l("Nobody else works in this queue.")),
)
