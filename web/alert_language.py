"""The words of an alert's mails in the language of whoever sets its threshold: the worker that
sends them cannot translate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l

from callcenter.alerts.told import TEXTS
from callcenter.reporting.language import Language

ALONE: Final = (
    _l("Over"),
    _l("Over since"),
    _l("Told when it is at least %(bound)s"),
    _l("Told when it is at most %(bound)s"),
    _l("for %(minutes)s min"),
)
"""What mails say and no page does."""


def stored() -> Mapping[str, Any]:
    """As it is kept with a threshold."""
    locale = get_locale() or "en"
    return Language(
        tag=str(locale),
        texts={text: str(gettext(text)) for text in TEXTS},
        decimal=str(get_decimal_symbol(locale)),
    ).stored()
