"""What a rule does with a call. Data only, to JSON and back; `decide` turns it into a route.

Routes are the words the dialplan compares with (docs/dialplan-variables.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, get_args

Route = str
"""'' (the dialplan's own default), `queue-NAME`, or one of the fixed words below."""

DEFAULT_ROUTE: Final = ""
QUEUE_ROUTE: Final = "queue-"
BLOCKED: Final = "blocked"
MENU: Final = "menu"
ANNOUNCEMENT: Final = "announcement"
VOICEMAIL: Final = "voicemail"
OUTSIDE: Final = "outside"
CALLBACK: Final = "callback"
FIXED_ROUTES: Final = (BLOCKED, MENU, ANNOUNCEMENT, VOICEMAIL, OUTSIDE, CALLBACK)

Who = Literal["last", "owner", "skill", "anyone"]
WHOS: Final[tuple[Who, ...]] = get_args(Who)


class UnreadableError(ValueError):
    """Stored rules that this version of the product does not understand."""


@dataclass(frozen=True, slots=True)
class ToQueue:
    """Into a queue; `priority` is added to the customer's own, `max_wait` 0 is the queue's own."""

    queue: str
    priority: int = 0
    max_wait: int = 0


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom to ring, and how long before the next ring is tried."""

    who: Who
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class Preferred:
    """Rings one after the other, each wider; then the queue."""

    rings: tuple[Ring, ...]
    queue: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class ToMenu:
    menu: str


@dataclass(frozen=True, slots=True)
class Announce:
    """A prompt is played; then the call ends (`then` is None) or goes on."""

    prompt: str
    then: OneAction | None = None


@dataclass(frozen=True, slots=True)
class Voicemail:
    """`box` is a queue's name or an operator's extension."""

    box: str


@dataclass(frozen=True, slots=True)
class Outside:
    """To a number outside (E.164) that rings for so long."""

    number: str
    seconds: int = 40


@dataclass(frozen=True, slots=True)
class OfferCallback:
    queue: str


@dataclass(frozen=True, slots=True)
class Block:
    pass


@dataclass(frozen=True, slots=True)
class Dialed:
    """Left to the number that was dialled: the dialplan knows its place."""


OneAction = ToQueue | Preferred | ToMenu | Voicemail | Outside | OfferCallback | Block | Dialed
Action = OneAction | Announce

KINDS: Final[Mapping[str, type[Any]]] = {
    "queue": ToQueue,
    "preferred": Preferred,
    "menu": ToMenu,
    "announce": Announce,
    "voicemail": Voicemail,
    "outside": Outside,
    "callback": OfferCallback,
    "block": Block,
    "dialed": Dialed,
}
FIXED: Final[Mapping[type[Any], Route]] = {
    Block: BLOCKED,
    ToMenu: MENU,
    Announce: ANNOUNCEMENT,
    Voicemail: VOICEMAIL,
    Outside: OUTSIDE,
    OfferCallback: CALLBACK,
}
"""Actions with one route, whatever the call."""
_WORDS: Final = {made: word for word, made in KINDS.items()}


def kind_of(action: Action) -> str:
    return _WORDS[type(action)]


def to_json(action: Action) -> dict[str, Any]:
    told: dict[str, Any] = {"do": kind_of(action)}
    for one in fields(action):
        told[one.name] = _plain(getattr(action, one.name))
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{"who": ring.who, "seconds": ring.seconds} for ring in value]
    return to_json(value) if type(value) in _WORDS else value


def from_json(data: Any) -> Action:
    """UnreadableError for anything that `to_json` would not have written."""
    if not isinstance(data, Mapping):
        raise UnreadableError("an action is an object")
    made = KINDS.get(str(data.get("do")))
    if made is None:
        raise UnreadableError("there is no such action")
    given = {one.name: data[one.name] for one in fields(made) if one.name in data}
    if "rings" in given:
        given["rings"] = _rings(given["rings"])
    if given.get("then") is not None:
        given["then"] = _then(given["then"])
    _check_types(given)
    try:
        action: Action = made(**given)
    except TypeError as error:
        raise UnreadableError("an action lacks a part of itself") from error
    return action


def _rings(data: Any) -> tuple[Ring, ...]:
    if not isinstance(data, list):
        raise UnreadableError("rings are a list")
    return tuple(_ring(one) for one in data)


def _ring(data: Any) -> Ring:
    if not isinstance(data, Mapping) or data.get("who") not in WHOS:
        raise UnreadableError("a ring says whom it rings")
    seconds = data.get("seconds", 20)
    if type(seconds) is not int or abs(seconds) > LARGEST:
        raise UnreadableError("a ring rings for whole seconds")
    return Ring(data["who"], seconds)


def _then(data: Any) -> OneAction:
    # Before anything of it is read: however deep a thing is, one look is enough.
    if isinstance(data, Mapping) and str(data.get("do")) == _WORDS[Announce]:
        raise UnreadableError("an announcement is not followed by another")
    action = from_json(data)
    assert not isinstance(action, Announce)  # noqa: S101 (for the types)
    return action


LARGEST: Final = 10**15
"""What a number of a rule may be: JSON knows larger ones, which no page could show."""
_NUMBERS: Final = frozenset({"priority", "max_wait", "seconds"})


def _check_types(given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if name in ("rings", "then"):
            continue
        wanted = int if name in _NUMBERS else str
        if type(value) is not wanted or (isinstance(value, int) and abs(value) > LARGEST):
            raise UnreadableError(f"{name} is of the wrong kind")


def most_seconds(action: Action | None) -> int:
    """In a queue how long they wait, outside how long it rings; 0 is as the PBX has it."""
    if isinstance(action, Outside):
        return action.seconds
    return action.max_wait if isinstance(action, ToQueue) else 0


def target_of(action: Action) -> str:
    """The menu, prompt, box, number or queue that the route needs to know."""
    match action:
        case ToMenu(name) | Voicemail(name) | OfferCallback(name):
            return name
        case Announce():
            return action.prompt
        case Outside():
            return action.number
        case _:
            return ""
