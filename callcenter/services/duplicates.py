"""Cards that may be one person's: found while one is typed in, and over the whole base by and by.

Only cards that share something are compared (`callcenter/duplicates/keys.py`), each bite is a
transaction of its own, and the search goes on where it was after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from callcenter.customers.contacts import contact_key
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.duplicates.keys import name_keys, spelled
from callcenter.duplicates.likeness import LIKELY, Likened, liken
from callcenter.duplicates.pair import Pair, PairState, Search, ordered
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.services.rights import require, require_record, viewer_of

UowFactory = Callable[[], UnitOfWork]

_MOST_NEAR: Final = 60
_MOST_TOLD: Final = 5
_BITE: Final = 300
_NEXT: Final = 6
_STEPS: Final = ("keys", "phones", "points", "names", "check")


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody who may be meant by a card that is being made."""

    customer_id: int
    name: str
    score: int
    reasons: tuple[str, ...]


def likely(uow: UnitOfWork, card: Likened) -> tuple[Likely, ...]:
    """Who that may be, the likeliest first. `card.id` of 0: it is not stored yet."""
    keys = name_keys(card.name, sorted(card.organization_ids), card.city)
    others = uow.duplicates.likened(uow.duplicates.near(card, keys, _MOST_NEAR))
    rare = {key for key in keys if key.startswith("n:")}
    found = []
    for one in others.values():
        same = rare & set(name_keys(one.name, sorted(one.organization_ids), one.city))
        likeness = liken(card, one, rare=bool(same))
        if likeness.score >= LIKELY:
            found.append(Likely(one.id, one.name, likeness.score, likeness.reasons))
    return tuple(sorted(found, key=lambda one: (-one.score, one.customer_id))[:_MOST_TOLD])


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A card as somebody types it in: nothing has to be complete, or right."""

    name: str = ""
    city: str = ""
    organization: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


def likely_typed(
    typed: Typed, *, user_id: int, unit_of_work: UowFactory, plan: NumberPlan
) -> tuple[Likely, ...]:
    """Who is there already that may be meant, of those whom the user may read."""
    numbers = {parse_number(one, plan, internal_allowed=False).e164 for one in typed.phones}
    with unit_of_work() as uow:
        viewer = viewer_of(uow, user_id)
        known = uow.duplicates.organizations_named(typed.organization) if typed.organization else ()
        card = Likened(
            name=typed.name.strip(),
            city=typed.city,
            organization_ids=frozenset(known),
            phones=frozenset(filter(None, numbers)),
            points=frozenset(
                ("email", contact_key("email", one.strip())) for one in typed.emails if one.strip()
            ),
        )
        return tuple(
            one
            for one in likely(uow, card)
            if uow.rights.reaches(viewer, "customer", "read", one.customer_id)
        )


def likely_of(uow: UnitOfWork, customer_id: int) -> tuple[Likely, ...]:
    """Who else a stored card may be; what was decided otherwise is left out."""
    card = uow.duplicates.likened([customer_id]).get(customer_id)
    if card is None:
        return ()
    found = likely(uow, card)
    return tuple(
        one
        for one in found
        if uow.duplicates.state_of(*ordered(customer_id, one.customer_id)) != "distinct"
    )


def decide(
    a_id: int,
    b_id: int,
    state: PairState,
    *,
    user_id: int | None,
    unit_of_work: UowFactory,
    clock: Clock,
) -> None:
    """`distinct`: these are two people, and nobody asks again; `open`: ask again."""
    if state == "merged":
        raise Invalid("state", "cards are joined by merging them")
    if a_id == b_id:
        raise Invalid("b_id", "a card is no duplicate of itself")
    with unit_of_work() as uow:
        require(uow, user_id, "duplicate", "change")
        for one in (a_id, b_id):
            require_record(uow, user_id, "customer", "read", one)
            if uow.customers.get(one) is None:
                raise NotFound("customer", f"there is no customer {one}")
        first, second = ordered(a_id, b_id)
        uow.duplicates.decide(first, second, state, user_id=user_id, at=clock.now())
        uow.audit.record(
            user_id=user_id,
            action=f"duplicate_{state}",
            object_type="customer",
            object_id=str(first),
            at=clock.now(),
            detail={"other": second},
        )
        uow.commit()


# --- over the whole base --------------------------------------------------------------------------


def begin_search(*, user_id: int | None, unit_of_work: UowFactory, clock: Clock) -> None:
    """To be carried out by `go_on`. One search at a time."""
    with unit_of_work() as uow:
        require(uow, user_id, "duplicate", "change")
        search = uow.duplicates.search()
        if search is not None and search.state == "running":
            raise Conflict("", "a search is under way already")
        at = clock.now()
        uow.duplicates.save_search(
            Search(
                state="running",
                step=_STEPS[0],
                position="",
                done=0,
                found=0,
                user_id=user_id,
                started_at=at,
                updated_at=at,
            )
        )
        uow.commit()


def begin_nightly(*, unit_of_work: UowFactory, clock: Clock) -> None:
    """Unless one is under way."""
    try:
        begin_search(user_id=None, unit_of_work=unit_of_work, clock=clock)
    except Conflict:
        return


def go_on(
    *,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
    seconds: float | None = None,
) -> Search | None:
    """Carries a search that was begun on from wherever it is: to its end, or for so many seconds,
    so that other jobs get their turn. None: there is none."""
    search = None
    began = clock.now()
    while True:
        with unit_of_work() as uow:
            search = uow.duplicates.search()
            if search is None or search.state != "running":
                return search
            search = replace(_bite(uow, search, clock), updated_at=clock.now())
            uow.duplicates.save_search(search)
            uow.commit()
        publisher.publish(_progress(search))
        if seconds is not None and (clock.now() - began).total_seconds() >= seconds:
            return search


def _bite(uow: UnitOfWork, search: Search, clock: Clock) -> Search:
    if search.step == "keys":
        position, count = uow.duplicates.reindex_after(search.position, _BITE)
        return _after(replace(search, done=search.done + count), position)
    if search.step == "check":
        return _check(uow, search)
    found = uow.duplicates.blocks(search.step, search.position, _BITE)
    pairs = _pairs(uow, found.groups, rare=search.step == "names")
    new = uow.duplicates.store(pairs, clock.now())
    return _after(replace(search, found=search.found + new), found.position)


def _check(uow: UnitOfWork, search: Search) -> Search:
    """What was alike once, and is no more, is asked about no more."""
    pairs = uow.duplicates.open_after(search.position, _BITE)
    cards = uow.duplicates.likened([one for pair in pairs for one in (pair.a_id, pair.b_id)])
    gone = [
        (pair.a_id, pair.b_id)
        for pair in pairs
        if pair.a_id in cards
        and pair.b_id in cards
        and liken(cards[pair.a_id], cards[pair.b_id], rare=True).score < LIKELY
    ]
    uow.duplicates.forget_open(gone)
    last = f"{pairs[-1].a_id}:{pairs[-1].b_id}" if len(pairs) == _BITE else ""
    return _after(search, last)


def _after(search: Search, position: str) -> Search:
    """The same step from there on, the next one when this is at its end, or done."""
    if position:
        return replace(search, position=position)
    place = _STEPS.index(search.step) + 1
    if place == len(_STEPS):
        return replace(search, state="done", position="")
    return replace(search, step=_STEPS[place], position="")


def _pairs(uow: UnitOfWork, groups: Sequence[Sequence[int]], *, rare: bool) -> list[Pair]:
    cards = uow.duplicates.likened([one for group in groups for one in group])
    met = _neighbours if rare else _all_with_all
    wanted = {
        ordered(one.id, other.id)
        for group in groups
        for one, other in met([cards[each] for each in group if each in cards])
    }
    found = []
    for a_id, b_id in sorted(wanted):
        likeness = liken(cards[a_id], cards[b_id], rare=rare)
        if likeness.score >= LIKELY:
            found.append(Pair(a_id=a_id, b_id=b_id, score=likeness.score, reasons=likeness.reasons))
    return found


def _all_with_all(group: Sequence[Likened]) -> Iterable[tuple[Likened, Likened]]:
    return combinations(group, 2)


def _neighbours(group: Sequence[Likened]) -> Iterable[tuple[Likened, Likened]]:
    """Of many who share a part of a name, each with those next by its sound alone: all with all
    would cost the square of their number, and who is called otherwise is not alike anyway."""
    by_sound = sorted(group, key=lambda one: (spelled(one.name), one.id))
    for place, one in enumerate(by_sound):
        for other in by_sound[place + 1 : place + 1 + _NEXT]:
            yield one, other


def _progress(search: Search) -> list[Message]:
    if search.user_id is None:
        return []
    payload = {
        "type": "job",
        "kind": "duplicates",
        "id": 1,
        "done": _STEPS.index(search.step) + (search.state == "done"),
        "total": len(_STEPS),
        "state": search.state,
    }
    return [Message(kind="message", audience=Audience(users=(search.user_id,)), payload=payload)]
