"""docs/operations.md names every setting and every metric that there is."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from callcenter.settings_names import KNOWN

GUIDE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
COUNTING = (
    "agi_scripts.metrics",
    "ami.metrics",
    "callcenter.realtime.metrics",
    "callcenter.worker",
    "web.metrics",
)


@pytest.mark.parametrize("name", KNOWN)
def test_every_setting_is_in_the_guide(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", GUIDE, re.M)


def test_the_guide_names_no_setting_that_is_not_one() -> None:
    table = GUIDE[GUIDE.index("| variable |") : GUIDE.index("## One process")]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.M)) == set(KNOWN)


def test_every_metric_is_in_the_guide() -> None:
    for module in COUNTING:
        import_module(module)
    ours = {metric.name for metric in REGISTRY.collect() if metric.name.startswith("callcenter_")}
    told = GUIDE.replace("`…_in_use`", "`callcenter_db_connections_in_use`")
    missing = {name for name in ours if f"`{name}`" not in told and f"`{name}_total`" not in told}
    assert not missing
