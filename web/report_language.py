"""The words that a file or a mail of a report needs, in the language of who asks for it: the worker
that makes it cannot translate."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_decimal_symbol
from flask import Flask
from flask_babel import Babel, force_locale, get_locale, gettext

from callcenter.reporting.catalog import REPORTS, Report
from callcenter.reporting.detail import HEADER
from callcenter.reporting.language import NOTES, Language
from callcenter.reporting.tables import BY_WORDS, IN_SECONDS, WEEKDAYS
from callcenter.reports.definitions import KPIS
from callcenter.reports.question import By
from web.catalogs import TRANSLATIONS
from web.conversation_words import CHANNEL_LOOKS
from web.i18n import LOCALES
from web.presentation import DIRECTIONS, PAUSE_REASONS, RESULTS, STATES
from web.report_words import none_of

_LOOKS = {"channel": CHANNEL_LOOKS, "direction": DIRECTIONS, "result": RESULTS, "state": STATES}


def stored(report: str) -> dict[str, Any]:
    """As it is kept with a file or a schedule; nothing for a report that there is not."""
    if report not in REPORTS:
        return {}
    locale = get_locale() or "en"
    return Language(
        tag=str(locale),
        texts={text: str(gettext(text)) for text in texts_of(REPORTS[report])},
        codes=_codes(),
        decimal=str(get_decimal_symbol(locale)),
    ).stored()


def spoken(report: str, language: str) -> dict[str, Any]:
    """For the command line, which has no request: as `stored`, in `language` (pl, ru_RU.UTF-8 …);
    nothing where it is not one of ours."""
    locale = language.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    if locale not in LOCALES:
        return {}
    app = Flask("reports")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app)
    with app.app_context(), force_locale(locale):
        return stored(report)


def texts_of(report: Report) -> tuple[str, ...]:
    """Everything its files say in English; all of it is in the catalogues of translations."""
    kpis = [KPIS[kpi] for kpi in report.kpis]
    return (
        report.title,
        *BY_WORDS.values(),
        *WEEKDAYS,
        *(kpi.title for kpi in kpis),
        *(kpi.formula for kpi in kpis),
        *HEADER,
        IN_SECONDS,
        *NOTES,
    )


def _codes() -> dict[str, str]:
    told = {f"{by} {key}": look.word for by, looks in _LOOKS.items() for key, look in looks.items()}
    told |= {f"reason {key}": word for key, word in PAUSE_REASONS.items()}
    nobody: tuple[By, ...] = tuple(BY_WORDS)  # type: ignore[arg-type]  # its keys are those
    told |= {f"{by} ": none_of(by) for by in nobody}
    return {key: str(word) for key, word in told.items()}
