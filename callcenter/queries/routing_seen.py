"""What of a routing decision its reader may see: facts and findings of hidden fields are taken out.

A decision keeps everything it was made from; who may not see amounts, VIP levels or numbers on a
card must not read them from the reasons either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from callcenter.rights.objects import Object
from callcenter.rights.viewer import Viewer

HIDDEN: Final = "hidden"
_Field = tuple[Object, str]
_AMOUNTS: Final[_Field] = ("account", "amounts")
_VIP: Final[_Field] = ("customer", "vip_level")
_BLOCKED: Final[_Field] = ("customer", "blocked")
_OWNER: Final[_Field] = ("customer", "owner_id")
_NUMBER: Final[_Field] = ("interaction", "number")

_FINDINGS: Final[Mapping[str, _Field]] = {
    **dict.fromkeys(
        ("overdue_days", "overdue_minor", "lifetime_minor", "abc", "rfm", "all_debtors"), _AMOUNTS
    ),
    **dict.fromkeys(("any_vip", "vip_level"), _VIP),
    "all_blocked": _BLOCKED,
    **dict.fromkeys(("owner", "owner_ready"), _OWNER),
    "number_prefix": _NUMBER,
}
_FACTS: Final[Mapping[str, _Field]] = {
    **dict.fromkeys(
        ("overdue_minor", "overdue_days", "lifetime_minor", "currency", "abc", "rfm"), _AMOUNTS
    ),
    "vip_level": _VIP,
    "blocked": _BLOCKED,
    "owner": _OWNER,
}


def facts_as_seen(viewer: Viewer, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of `routing.record.explain` without what the viewer may not see."""
    seen = dict(facts)
    finding = seen.get("finding")
    if isinstance(finding, Mapping):
        seen["finding"] = _finding(viewer, finding)
        if is_hidden(seen["finding"]):
            seen.pop("reason", None)
    if "considered" in seen:
        seen["considered"] = [_considered(viewer, one) for one in seen["considered"]]
    if viewer.scope("customer", "read") != "all":
        seen.pop("customers", None)
    elif isinstance(seen.get("customers"), list):
        seen["customers"] = [_customer(viewer, one) for one in seen["customers"]]
    if not viewer.sees(*_NUMBER):
        seen.pop("caller", None)
    return seen


def _sees(viewer: Viewer, field: _Field) -> bool:
    thing, name = field
    return viewer.sees(thing, name) and (field != _AMOUNTS or viewer.may("account", "read"))


def _finding(viewer: Viewer, one: Mapping[str, Any]) -> dict[str, Any]:
    field = _FINDINGS.get(str(one.get("code")))
    if field is not None and not _sees(viewer, field):
        return {"code": HIDDEN, "params": {}}
    params = one.get("params") or {}
    if one.get("code") == "any-of":
        inner = [_finding(viewer, each) for each in params.get("of", ())]
        return {"code": "any-of", "params": {**params, "of": inner}}
    return dict(one)


def _considered(viewer: Viewer, one: Mapping[str, Any]) -> dict[str, Any]:
    findings = [_finding(viewer, each) for each in one.get("findings", ())]
    seen = {**one, "findings": findings}
    if "findings" not in one:  # from before they were codes: words alone, of any field
        seen.pop("findings")
        if not all(_sees(viewer, field) for field in {*_FINDINGS.values()}):
            seen["finding"] = ""
    elif any(map(is_hidden, findings)):
        seen["finding"] = ""
    return seen


def is_hidden(one: Mapping[str, Any]) -> bool:
    inner = (one.get("params") or {}).get("of")
    return one.get("code") == HIDDEN or (isinstance(inner, list) and any(map(is_hidden, inner)))


def _customer(viewer: Viewer, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in one.items()
        if name not in _FACTS or _sees(viewer, _FACTS[name])
    }
