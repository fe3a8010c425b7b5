"""The guide shows what `callcenter pbx render` writes: neither may change without the other."""

from __future__ import annotations

import re

from callcenter.pbx.manager_events import KEPT_EVENTS
from callcenter.pbx.plan import PbxPlan
from callcenter.pbx.render import render
from tests.support.guide import blocks


def _block(file: str, where: str) -> str:
    return next(one.text for one in blocks() if one.file == file and where in one.where)


def _settings(text: str) -> set[str]:
    return {line for line in text.splitlines() if "=" in line and not line.startswith((";", "["))}


def test_the_guides_manager_user_is_the_rendered_one() -> None:
    rendered = render(PbxPlan())["manager.conf"]
    user = rendered[rendered.index("[callcenter]") : rendered.index("[callcenter-originate]")]
    secret = re.compile(r"^secret = .*$", re.M)
    assert _settings(secret.sub("", user)) == _settings(
        secret.sub("", _block("manager.conf", "at the end"))
    )


def test_the_guides_filter_for_older_asterisks_keeps_the_same_events() -> None:
    older = _block("manager.conf", "older")
    names = "|".join(re.findall(r"\^Event: \((.*)\)$", older, re.M)).split("|")
    assert sorted(names) == sorted(KEPT_EVENTS)


def test_the_guides_ledger_is_the_rendered_one() -> None:
    rendered = render(PbxPlan())
    assert _settings(_block("cel_custom.conf", "at the end")) == _settings(
        rendered["cel_custom.conf"]
    )
    assert _settings(_block("cel.conf", "")) == _settings(rendered["cel.conf"])


def test_the_guides_ledger_for_older_asterisks_is_the_rendered_one() -> None:
    rendered = render(PbxPlan(asterisk="16"))["cel_custom.conf"]
    assert _settings(_block("cel_custom.conf", "older")) == _settings(rendered)
