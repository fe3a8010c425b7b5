"""What was found when a condition was looked at: a code with its parameters, never words.

Words are made where somebody reads them, in their language; `in_english` serves logs and programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is the condition's kind, or one of `no-rules`, `no-rule`, `no-conditions`, `any-of`,
    `failed-open`, `broken`. `params` are JSON: `found`, `asked`, `of`, and counts of customers."""

    code: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}


def in_english(finding: Finding) -> str:
    told = _ENGLISH.get(finding.code, _plain)
    return told(finding)


def _plain(one: Finding) -> str:
    found, asked = one.params.get("found"), one.params.get("asked")
    subject = f"{one.code} of {one.params['of']}" if one.params.get("of") else one.code
    if asked is None:
        return f"{subject}: {_value(found)}"
    return f"{subject}: {_value(found)}, {_value(asked)} asked"


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value)


def _either(yes: str, no: str) -> Callable[[Finding], str]:
    return lambda one: yes if one.params.get("found") else no


def _share(what: str) -> Callable[[Finding], str]:
    return lambda one: (
        f"{one.params.get('count')} of {one.params.get('customers')} "
        f"customers with this number {what}"
    )


def _count(one: Finding) -> str:
    others = ", and others may answer there" if one.params.get("shared") else ""
    return f"customers with this number: {one.params.get('customers')}{others}"


def _at_least(what: str) -> Callable[[Finding], str]:
    return lambda one: f"{one.params.get('found')} {what}, at least {one.params.get('asked')} asked"


def _turnover(one: Finding) -> str:
    return (
        f"turnover of {one.params.get('found')} minor units {one.params.get('of')}, "
        f"at least {one.params.get('asked')} asked"
    )


def _classes(what: str) -> Callable[[Finding], str]:
    return lambda one: f"{what} {_value(one.params['found'])}, {_value(one.params['asked'])} asked"


_ENGLISH: Final[Mapping[str, Callable[[Finding], str]]] = {
    "internal": _either("the caller is an extension", "the caller is no extension"),
    "withheld": _either("the number is withheld", "the number is shown"),
    "all_blocked": _share("blocked"),
    "any_vip": _share("VIP"),
    "all_debtors": _share("with an overdue invoice"),
    "several": _count,
    "one": _count,
    "always": _count,
    "overdue_days": _at_least("days overdue"),
    "overdue_minor": _at_least("minor units overdue"),
    "lifetime_minor": _turnover,
    "abc": _classes("ABC class"),
    "rfm": lambda one: (
        f"RFM scores {_value(one.params['found'])}, at least {_value(one.params['asked'])} asked"
    ),
    "no-rule": lambda _one: "no rule of the table matched",
    "no-rules": lambda _one: "the table has no rules",
    "no-conditions": lambda _one: "it asks for nothing",
    "failed-open": lambda one: str(one.params.get("cause", "")),
    "broken": lambda one: f"this rule cannot be evaluated: {one.params.get('why', '')}",
}
