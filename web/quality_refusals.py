"""What the use cases of quality refuse, in the user's language (see `web.service_words`)."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.assessments.sampling import MOST_EACH

KNOWN: tuple[tuple[str, Any], ...] = (
    (
        r"this assessment was changed in another window; look again",
        _l("This assessment was changed in another window. Load the page again to go on."),
    ),
    (
        r"somebody else changed this card meanwhile; look again",
        _l("Somebody else changed this card meanwhile. Load the page again to see it."),
    ),
    (
        r"(?P<many>\d+) questions are not answered yet",
        _l("Not answered yet: %(many)s. Answer them, or say that they do not apply."),
    ),
    (
        r"a colleague assesses this contact by this card already",
        _l("A colleague assesses this contact by this card already."),
    ),
    (r"nobody assesses a contact of their own", _l("Nobody assesses a contact of their own.")),
    (r"nobody decides on a contact of their own", _l("Nobody decides on a contact of their own.")),
    (
        r"nobody decides on their own assessment",
        _l("Nobody decides on their own assessment: a colleague does."),
    ),
    (r"this operator is not of your team", _l("This operator is not of your team.")),
    (
        r"nobody has spoken or written with them yet",
        _l("Nobody has spoken or written with them, or the contact is not over."),
    ),
    (r"this score card is switched off", _l("This score card is switched off.")),
    (
        r"this score card is not for this queue or channel",
        _l("This score card is not for this queue or channel."),
    ),
    (
        r"this assessment is final: it is not changed any more",
        _l("This assessment is final: it is not changed any more."),
    ),
    (r"this assessment is final already", _l("This assessment is final already.")),
    (r"a final assessment is not thrown away", _l("A final assessment is not thrown away.")),
    (r"only the assessor may throw a draft away", _l("Only the assessor throws a draft away.")),
    (r"only the assessor writes a draft", _l("Only the assessor writes a draft.")),
    (
        r"only the operator who was assessed answers",
        _l("Only the operator who was assessed answers."),
    ),
    (r"say what you object to", _l("Say what you object to.")),
    (r"say what came of the objection", _l("Say what came of the objection.")),
    (
        r"this was decided already, or is not due yet",
        _l("This was decided already, or is not due yet. Load the page again."),
    ),
    (r"this round is closed( already)?", _l("This round is closed.")),
    (r"this question must be answered", _l("This question must be answered.")),
    (
        r"no contact of this week fits that was not drawn already",
        _l(
            "No contact of this week fits that was not drawn already. Widen the rules, or choose "
            "another week."
        ),
    ),
    (
        r"must have begun, at most half a year ago",
        _l("Choose a week that has begun, at most half a year ago."),
    ),
    (
        r"more contacts than can be drawn from: name some queues",
        _l("There are more contacts than can be drawn from. Name some queues."),
    ),
    (r"say why, so that nobody can pick what suits them", _l("Say why it is set aside.")),
    (
        r"this contact is assessed already, or set aside",
        _l("This contact is assessed already, or set aside."),
    ),
    (
        r"from (?P<fewest>\d+) to (?P<most>\d+) people take part",
        _l("Choose from %(fewest)s to %(most)s people."),
    ),
    (r"whose contact it is takes no part", _l("Whose contact it is takes no part.")),
    (r"somebody here may not assess", _l("One of these people may not assess.")),
    (
        r"a round about one's own contact is led by others",
        _l("A round about your own contact is led by others."),
    ),
    (r"give the round a name", _l("Give the round a name.")),
    (
        r"somebody was assessed by this card: switch it off instead",
        _l("Somebody was assessed by this card. Switch it off instead: scores stay scores."),
    ),
    (r"at most (?P<limit>\d+) score cards", _l("At most %(limit)s score cards.")),
    (
        r"there is no such score card, or it is switched off",
        _l("There is no such score card, or it is switched off."),
    ),
)

_OF_RULES: Final = {
    "min_seconds": _l("This must be 0 or more."),
    "max_seconds": _l("More than the least, please, or 0 for any."),
    "channels": _l("Choose at least one."),
}


def of_rules(field: str) -> str:
    """What is wrong with this field of the rules of a draw (see `Rules.problem`)."""
    if field == "per_operator":
        return str(_("From %(least)s to %(most)s, please.", least=1, most=MOST_EACH))
    return str(_OF_RULES.get(field, _("This cannot be meant so.")))
