"""A plan as it is kept: JSON without a single password, and the passwords by name beside it.

Pure. What PHONE_KEY derives is not kept at all. Fields that a newer release added take their
defaults; what an older one does not know is an error, since it would be lost.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from callcenter.pbx.plan import (
    ManagerSecrets,
    Operator,
    PbxPlan,
    new_pin,
    new_secret,
)
from callcenter.pbx.values import PlanError

_SECRET_FIELDS = {
    "manager",
    "phone_key",
    "secret",
    "web_secret",
    "mailbox_pin",
}
_MANAGERS = {"listener": "callcenter", "originate": "callcenter-originate"}


@dataclass(frozen=True, slots=True)
class Stored:
    """`plan` may be shown; `secrets` are needed to render and go nowhere else."""

    plan: dict[str, Any]
    secrets: dict[str, str] = dataclasses.field(repr=False)


def store(plan: PbxPlan) -> Stored:
    document = _without_secrets(dataclasses.asdict(plan))
    document["config_user"] = bool(plan.manager.config)
    return Stored(document, _secrets_of(plan))


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if name not in _SECRET_FIELDS}
        return {name: _without_secrets(one) for name, one in kept.items()}
    if isinstance(value, (list, tuple)):
        return [_without_secrets(one) for one in value]
    return value


def _secrets_of(plan: PbxPlan) -> dict[str, str]:
    found = {
        "callcenter": plan.manager.listener,
        "callcenter-originate": plan.manager.originate,
    }
    if plan.manager.config:
        found["callcenter-config"] = plan.manager.config
    if plan.manager.witness:
        found["witness"] = plan.manager.witness
    for trunk in plan.trunks:
        if trunk.secret:
            found[f"trunk:{trunk.name}"] = trunk.secret
    for operator in plan.operators:
        found[operator.extension] = operator.secret
        if not plan.phone_key:
            found[f"web{operator.extension}"] = operator.web_secret
        if operator.mailbox:
            found[f"mailbox{operator.extension}"] = operator.mailbox_pin
    return found


def restore(document: Mapping[str, Any], secrets: Mapping[str, str], phone_key: str) -> PbxPlan:
    """The plan again. A secret that is not there is made: `store` then tells it."""
    values = dict(document)
    config_user = values.pop("config_user", False)
    try:
        made = {name: _made(kind, values.pop(name)) for name, kind in _hints(PbxPlan, values)}
        if values:
            raise PlanError(f"the stored plan knows {', '.join(sorted(values))}, we do not")
        made["operators"] = tuple(_with_secrets(one, secrets) for one in made["operators"])
        made["trunks"] = tuple(
            dataclasses.replace(one, secret=secrets.get(f"trunk:{one.name}", ""))
            for one in made["trunks"]
        )
        manager = _manager(secrets, config_user=config_user)
        return PbxPlan(**made, manager=manager, phone_key=phone_key)
    except (TypeError, KeyError) as error:
        raise PlanError(f"the stored plan cannot be read: {error}") from error


def _hints(kind: type, values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    hints = get_type_hints(kind)
    return [(one.name, hints[one.name]) for one in fields(kind) if one.name in values]


def _made(kind: Any, value: Any) -> Any:
    """A value of a plan out of JSON: by the type that its field says."""
    arguments = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        return None if value is None else _made(arguments[0], value)
    if get_origin(kind) is tuple:
        return tuple(_made(arguments[0], one) for one in value)
    if is_dataclass(kind) and isinstance(kind, type):
        given = dict(value)
        known = {name: _made(hint, given.pop(name)) for name, hint in _hints(kind, given)}
        if given:
            raise PlanError(f"the stored plan knows {', '.join(sorted(given))}, we do not")
        return kind(**known)
    return value


def _with_secrets(operator: Operator, secrets: Mapping[str, str]) -> Operator:
    number = operator.extension
    return dataclasses.replace(
        operator,
        secret=secrets.get(number) or new_secret(),
        web_secret=secrets.get(f"web{number}") or new_secret(),
        mailbox_pin=secrets.get(f"mailbox{number}") or new_pin(),
    )


def _manager(secrets: Mapping[str, str], *, config_user: bool) -> ManagerSecrets:
    return ManagerSecrets(
        **{field: secrets.get(user) or new_secret() for field, user in _MANAGERS.items()},
        witness=secrets.get("witness", ""),
        config=(secrets.get("callcenter-config") or new_secret()) if config_user else "",
    )
