"""What the forms of a plan offer to choose from, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _

from callcenter.accounts.user import User
from callcenter.hours.calendar import Calendar
from callcenter.pbx import people
from callcenter.pbx.destinations import KINDS
from callcenter.pbx.plan import Did, Operator, PbxPlan, Queue
from web.pbx_forms import KEY_ROWS, Part, told
from web.pbx_words import place_words

Choices = list[tuple[str, str]]
_SOUNDS: Final = ("ss-noservice", "vm-nobodyavail", "vm-goodbye")
_NEW: Final[dict[str, dict[str, Any]]] = {
    "phones": {"ring_seconds": 25, "desk_phones": 1},
    "queues": {
        "strategy": "rrmemory",
        "ring_seconds": 15,
        "wait_seconds": 300,
        "weight": 0,
        "wrapup_seconds": 2,
        "join_empty": "yes",
    },
    "groups": {"strategy": "ringall", "ring_seconds": 25},
    "trunks": {"port": 5060, "outbound": True},
    "numbers": {},
}


def choices_of(
    plan: PbxPlan,
    users: Sequence[User],
    calendars: Sequence[Calendar],
    menus: Mapping[str, str],
) -> dict[str, Any]:
    """By field, and under `places` for every field of that kind. `menus`: titles by key."""
    return {
        "places": _places(plan, menus),
        "extensions": [(one.extension, one.name) for one in plan.operators],
        "queue_names": [queue.name for queue in plan.queues],
        "user_id": _without_phone(plan, users),
        "calendar": [("", _("None")), *((one.key, one.title) for one in calendars)],
    }


def _places(plan: PbxPlan, menus: Mapping[str, str]) -> list[tuple[str, Choices]]:
    """(heading, places), as `kind:target`."""
    names = {one.extension: one.name for one in plan.operators}
    found: dict[str, Choices] = {
        "queue": [(queue.name, queue.name) for queue in plan.queues],
        "menu": [(key, menus.get(key, key)) for key in _keys(plan, menus)],
        "ivr": [("", "")],
        "operator": [(one, f"{one} {name}") for one, name in names.items()],
        "group": [(group.number, group.number) for group in plan.groups],
        "voicemail": [
            (one.extension, f"{one.extension} {one.name}") for one in plan.operators if one.mailbox
        ],
        "announcement": [(sound, sound) for sound in sorted({*_SOUNDS, *plan.sounds})],
    }
    return [
        (
            place_words(kind, ""),
            [(f"{kind}:{target}".rstrip(":"), place_words(kind, word)) for target, word in there],
        )
        for kind in KINDS
        if (there := found[kind])
    ]


def _keys(plan: PbxPlan, menus: Mapping[str, str]) -> list[str]:
    """The live menus, and those that something leads to already."""
    return sorted({*menus, *plan.menus})


def _without_phone(plan: PbxPlan, users: Sequence[User]) -> Choices:
    planned = {operator.extension for operator in plan.operators}
    free = [user for user in users if user.active and people.extension_of(user) not in planned]
    nobody = ("", _("Nobody: a phone in a room"))
    return [nobody, *((str(user.id), _as_chosen(user)) for user in free)]


def _as_chosen(user: User) -> str:
    return f"{user.display_name} ({user.endpoint})" if user.endpoint else user.display_name


def values_of(part: Part, item: Any, plan: PbxPlan) -> dict[str, Any]:
    """What stands in the form of it; of a new one what is usual."""
    if item is None:
        new = dict(_NEW[_name(part)])
        return new | {
            "queues": [queue.name for queue in plan.queues],
            "keys": [("", "")] * KEY_ROWS,
        }
    values = {
        field.name: getattr(item, field.name) for field in part.fields if hasattr(item, field.name)
    }
    if isinstance(item, Did):
        values["target"] = told(item.to)
    if isinstance(item, Operator):
        values["queues"] = [one.name for one in plan.queues if item.extension in one.members]
    if isinstance(item, Queue):
        keys = [(key.digit, told(key.to)) for key in item.keys]
        values["keys"] = [*keys, *[("", "")] * max(1, KEY_ROWS - len(keys))]
    if "overflow" in values:
        values["overflow"] = told(item.overflow)
    return values


def _name(part: Part) -> str:
    return {"dids": "numbers", "operators": "phones"}.get(part.attribute, part.attribute)
