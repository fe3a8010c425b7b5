"""What people type about a PBX's plan, read from the form (`pbx_parts` says which fields there "
"are)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from werkzeug.datastructures import MultiDict

from callcenter.pbx.destinations import Destination, Group, Key
from callcenter.pbx.plan import Did, Operator, PbxPlan, Queue, Trunk
from callcenter.pbx.values import PlanError

Form = MultiDict[str, str]
Kind = Literal[
    "text",
    "number",
    "check",
    "choice",
    "place",
    "extensions",
    "queues",
    "keys",
    "lines",
    "password",
]
KEY_ROWS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`fixed`: said once, when it is made. `choices`: (value, words)."""

    name: str
    label: Any
    kind: Kind = "text"
    hint: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    fixed: bool = False
    heading: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A list in a plan. `key`: by which of its fields one is told from another."""

    title: Any
    one: Any
    add: Any
    icon: str
    attribute: str
    key: str
    empty: Any
    fields: tuple[Field, ...]
    build: Callable[[Form, Any], Any]


def number(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "").strip()
    if not text.isdecimal() or len(text) > 9:
        raise PlanError(f"{name}: not a number", field=name, code="whole")
    return int(text)


def lines(form: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Several values: separated by commas, spaces or lines."""
    return tuple(form.get(name, "").replace(",", " ").split())


def text(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())


def checked(form: Mapping[str, str], name: str) -> bool:
    return form.get(name) == "yes"


def place(told: str, field: str = "target") -> Destination | None:
    """`queue:support` as a destination; None for none."""
    kind, _, target = told.partition(":")
    if not kind:
        return None
    try:
        return Destination(kind=kind, target=target)  # type: ignore[arg-type]
    except PlanError as error:
        raise PlanError(str(error), field=field, code=error.code) from error


def told(where: Destination | None) -> str:
    return f"{where.kind}:{where.target}".rstrip(":") if where else ""


def did(form: Form, _old: Did | None) -> Did:
    to = place(form.get("target", ""))
    if to is None:
        raise PlanError("target: say where it leads", field="target", code="needed")
    return Did(
        number=_dialled(text(form, "number")),
        kind=to.kind,
        target=to.target,
        title=text(form, "title"),
        calendar=text(form, "calendar"),
    )


def _dialled(typed: str) -> str:
    """As people write numbers: with spaces, dashes and brackets."""
    return "".join(sign for sign in typed if sign not in " -().")


def operator(form: Form, old: Operator | None) -> Operator:
    extension = old.extension if old else text(form, "extension")
    name = text(form, "name") or (old.name if old else f"Phone {extension}")
    given = {
        "name": name,
        "ring_seconds": number(form, "ring_seconds"),
        "desk_phones": number(form, "desk_phones"),
        "mailbox": checked(form, "mailbox"),
        **{f"forward_{kind}": _dialled(text(form, f"forward_{kind}")) for kind in _FORWARDS},
    }
    return replace(old, **given) if old else Operator(extension=extension, **given)  # type: ignore[arg-type]


def queue(form: Form, old: Queue | None) -> Queue:
    return Queue(
        name=old.name if old else text(form, "name"),
        number=text(form, "number"),
        strategy=text(form, "strategy"),  # type: ignore[arg-type]
        members=tuple(form.getlist("members")),
        ring_seconds=number(form, "ring_seconds"),
        wait_seconds=number(form, "wait_seconds"),
        weight=number(form, "weight"),
        wrapup_seconds=number(form, "wrapup_seconds"),
        join_empty=checked(form, "join_empty"),
        leave_when_empty=checked(form, "leave_when_empty"),
        keys=_keys(form),
        overflow=place(form.get("overflow", ""), "overflow"),
    )


def _keys(form: Form) -> tuple[Key, ...]:
    pairs = zip(form.getlist("key_digit"), form.getlist("key_place"), strict=False)
    found = [(digit.strip(), place(where, "keys")) for digit, where in pairs if digit.strip()]
    if any(where is None for _, where in found):
        raise PlanError("keys: say where it leads", field="keys", code="needed")
    return tuple(Key(digit=digit, to=where) for digit, where in found if where is not None)


def trunk(form: Form, old: Trunk | None) -> Trunk:
    host = text(form, "host")
    return Trunk(
        name=old.name if old else text(form, "name"),
        host=host,
        port=number(form, "port"),
        match=lines(form, "match") or (host,),
        region=text(form, "region").upper(),
        user=text(form, "user"),
        secret=_account_secret(form, old),
        registers=checked(form, "registers"),
        outbound=checked(form, "outbound"),
        watched=checked(form, "watched"),
    )


def _account_secret(form: Form, old: Trunk | None) -> str:
    """Left empty, it stays what it was: it is never shown."""
    user, typed = text(form, "user"), form.get("secret", "").strip()
    if not user:
        return ""
    secret = typed or (old.secret if old and old.user == user else "")
    if not secret:
        raise PlanError("secret: the account needs one", field="secret", code="secret_needed")
    return secret


def group(form: Form, old: Group | None) -> Group:
    return Group(
        number=old.number if old else text(form, "number"),
        members=tuple(form.getlist("members")),
        strategy=text(form, "strategy"),  # type: ignore[arg-type]
        ring_seconds=number(form, "ring_seconds"),
        overflow=place(form.get("overflow", ""), "overflow"),
    )


_FORWARDS: Final = ("always", "busy", "no_answer")


def replaced(plan: PbxPlan, part: Part, old: Any, new: Any) -> PbxPlan:
    """The plan with the one in the other's place; without an old one, at the end."""
    there: Sequence[Any] = getattr(plan, part.attribute)
    kept = tuple(new if one is old else one for one in there) if old else (*there, new)
    changes: dict[str, Any] = {part.attribute: kept}
    return replace(plan, **changes)


def find(plan: PbxPlan, part: Part, key: str) -> Any | None:
    items: Sequence[Any] = getattr(plan, part.attribute)
    return next((one for one in items if getattr(one, part.key) == key), None)


def without(plan: PbxPlan, part: Part, old: Any) -> PbxPlan:
    """A phone that goes leaves its queues and groups; whatever else leads there is refused."""
    changes: dict[str, Any] = {
        part.attribute: tuple(one for one in getattr(plan, part.attribute) if one is not old)
    }
    if isinstance(old, Operator):
        changes |= {
            name: tuple(_left(one, old.extension) for one in getattr(plan, name))
            for name in ("queues", "groups")
        }
    return replace(plan, **changes)


def _left(one: Any, extension: str) -> Any:
    return replace(one, members=tuple(who for who in one.members if who != extension))


def in_queues(plan: PbxPlan, extension: str, names: Sequence[str]) -> PbxPlan:
    """The phone is a member of these queues and of no others."""

    def with_it(queue: Queue) -> Queue:
        others = tuple(who for who in queue.members if who != extension)
        if queue.name not in names:
            return replace(queue, members=others)
        return queue if extension in queue.members else replace(queue, members=(*others, extension))

    return replace(plan, queues=tuple(with_it(queue) for queue in plan.queues))
