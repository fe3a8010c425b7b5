"""Why a report, a file or a mail of one was not made, in the user's language (see
`web.service_words`)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

KNOWN: tuple[tuple[str, Any], ...] = (
    (
        r"the database did not answer in time.*|all database connections are in use.*",
        _l("The database does not answer at the moment. Try again in a moment."),
    ),
    (
        r"by [a-z ]+, at most (?P<days>\d+) days are shown",
        _l(
            "Split like this, at most %(days)s days are shown. Choose a shorter period, or split "
            "by longer times."
        ),
    ),
    (
        r"(of these figures|with these filters), at most (?P<days>\d+) days are counted",
        _l("Of these figures, with these filters, at most %(days)s days are counted."),
    ),
    (
        r"the question has no such number|the period has no such part",
        _l("The report has no such number. Open the report again."),
    ),
    (r"no contacts stand behind this report", _l("No contacts stand behind this report.")),
    (
        r"there is no such report( any more)?|the period of this report cannot be read",
        _l("There is no such report any more."),
    ),
    (
        r"this (report is not for this user|user may not log in) any more",
        _l("Whoever asked for it may not see this report any more. Somebody else has to ask."),
    ),
    (
        r"this report cannot be shown as its address says: .*",
        _l("This report cannot be shown as its address says. Open it and choose again."),
    ),
    (r"no mail server is set up", _l("No mail server is set up.")),
    (
        r"the program stopped while this was handed over; it may have arrived",
        _l("The program stopped while this was handed over. It may have arrived."),
    ),
    (
        r"the mail server is away \((?P<name>\w+)\)",
        _l("The mail server does not answer (%(name)s)."),
    ),
    (r"the mail server refused our log-in", _l("The mail server refused our log-in.")),
    (
        r"the mail server offers no encryption",
        _l("The mail server offers no encryption, so nothing is given to it."),
    ),
    (r"the mail server said (?P<said>.+)", _l("The mail server said: %(said)s")),
)
