"""Fills the templates of `asterisk_conf/` from a plan. No file is written here (see `files`)."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2

from callcenter.pbx.destinations import HOLD
from callcenter.pbx.ledger_columns import CEL_COLUMNS, CEL_FIELDS, CEL_FILE
from callcenter.pbx.manager_events import (
    KEPT_APPLICATIONS,
    KEPT_EVENTS,
    KEPT_VARIABLES,
    OUTCOME_EVENTS,
)
from callcenter.pbx.plan import PbxPlan
from callcenter.pbx.releases import release_of
from callcenter.pbx.values import PlanError

TEMPLATES = Path(__file__).resolve().parents[2] / "asterisk_conf"
SECRET_FILES = frozenset({"manager.conf", "pjsip.conf", "voicemail.conf"})
_REDIRECTING_REASONS = {"always": "cfu", "busy": "cfb", "no_answer": "cfnr"}
_BREAKS_OUT = re.compile(r"[\x00-\x1f\x7f;\[\]$\\{}\"]|<<")
_BRACKETED_ADDRESS = re.compile(r"(?:agi://)?\[[0-9a-f:.]+\][:0-9A-Za-z/?=_-]*")


def render(plan: PbxPlan) -> dict[str, str]:
    """Every configuration file by its name."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_guard,
        autoescape=False,  # noqa: S701 - not HTML; `_guard` and `values` are the escaping
    )
    context = {
        "plan": plan,
        "release": release_of(plan.asterisk),
        "names": {operator.extension: operator.name for operator in plan.operators},
        "reasons": _REDIRECTING_REASONS,
        "kept_events": KEPT_EVENTS,
        "outcome_events": OUTCOME_EVENTS,
        "queue_numbers": plan.queue_numbers,
        "hold": HOLD,
        "kept_variables": KEPT_VARIABLES,
        "kept_applications": KEPT_APPLICATIONS,
        "cel_file": CEL_FILE,
        "cel_columns": CEL_COLUMNS,
        "cel_fields": CEL_FIELDS,
    }
    names = sorted(environment.list_templates(filter_func=_is_a_file))
    return {
        name.removesuffix(".j2"): environment.get_template(name).render(context) for name in names
    }


def _is_a_file(name: str) -> bool:
    """Parts of the dialplan are included by extensions.conf and are no files of Asterisk's."""
    return name.endswith(".j2") and "/" not in name


def _guard(value: object) -> object:
    """The second lock: whatever a check let through, nothing may leave the line it stands on."""
    text = str(value)
    if _BREAKS_OUT.search(text) and not _BRACKETED_ADDRESS.fullmatch(text):
        raise PlanError(f"a value would break out of the configuration: {text!r}")
    return value
