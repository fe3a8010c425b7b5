"""What records were: every change leaves a line, from which any earlier state can be had again.

A service that changes a record does so inside `recorded`; what it makes many of it tells with
`record_created`. Both hand what happened to other systems, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from callcenter.errors import NotFound
from callcenter.fields.definition import FIELD_OBJECTS
from callcenter.history.change import Action, Actor, ChangeDraft, action_of
from callcenter.history.document import differences
from callcenter.ports import Clock, UnitOfWork

Document = Mapping[str, Any]

# What other systems hear of, and how they hear a change called.
_TOLD: Final = frozenset({"customer", "organization", "deal", "task"})
_EVENTS: Final[Mapping[Action, str]] = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "restore": "updated",
    "merge": "updated",
    "unmerge": "updated",
}
_NAMES: Final = frozenset({"display_name", "organization_id", "memberships", "city", "deleted"})


def document(uow: UnitOfWork, object_type: str, object_id: int | str) -> dict[str, Any]:
    """The record whole, as JSON."""
    found = uow.history.documents(object_type, [object_id]).get(str(object_id))
    if found is None:
        raise NotFound(object_type, f"there is no {object_type} {object_id}")
    return found


@contextmanager
def recorded(
    uow: UnitOfWork,
    clock: Clock,
    object_type: str,
    object_id: int | str,
    *,
    user_id: int | None,
    actor: Actor = "user",
    batch_id: int | None = None,
    action: Action | None = None,
) -> Iterator[None]:
    """Whatever is changed inside is one entry of the record's history; nothing if nothing was.

    A record that is made inside is not known by its id before: `record_created` is for those.
    """
    with recorded_all(
        uow,
        clock,
        object_type,
        [object_id],
        user_id=user_id,
        actor=actor,
        batch_id=batch_id,
        action=action,
    ):
        yield


@contextmanager
def recorded_all(
    uow: UnitOfWork,
    clock: Clock,
    object_type: str,
    ids: Sequence[int | str],
    *,
    user_id: int | None,
    actor: Actor = "user",
    batch_id: int | None = None,
    action: Action | None = None,
) -> Iterator[None]:
    """`recorded` for many records in a fixed number of statements."""
    before = uow.history.documents(object_type, ids)
    yield
    after = uow.history.documents(object_type, ids)
    drafts = [
        ChangeDraft(
            at=clock.now(),
            user_id=user_id,
            actor=actor,
            object_type=object_type,
            object_id=one,
            action=action or action_of(before.get(one), after.get(one)),
            fields=fields,
            batch_id=batch_id,
        )
        for one in dict.fromkeys(map(str, ids))
        if (fields := differences(before.get(one), after.get(one)))
    ]
    _write(uow, drafts, after)


def record_created(
    uow: UnitOfWork,
    clock: Clock,
    made: Sequence[tuple[str, int | str, Document | None]],
    *,
    user_id: int | None,
    actor: Actor = "user",
    batch_id: int | None = None,
) -> None:
    """What was made: kind, id and document of each; the documents that are None are read."""
    documents = _completed(uow, made)
    drafts = [
        ChangeDraft(
            at=clock.now(),
            user_id=user_id,
            actor=actor,
            object_type=object_type,
            object_id=object_id,
            action="create",
            fields=differences(None, found),
            batch_id=batch_id,
        )
        for (object_type, object_id), found in documents.items()
    ]
    for object_type in dict.fromkeys(kind for kind, _ in documents):
        theirs = {one: found for (kind, one), found in documents.items() if kind == object_type}
        _write(uow, [one for one in drafts if one.object_type == object_type], theirs)


def _completed(
    uow: UnitOfWork, made: Sequence[tuple[str, int | str, Document | None]]
) -> dict[tuple[str, str], Document]:
    documents = {(kind, str(one)): found or {} for kind, one, found in made}
    for object_type in dict.fromkeys(kind for kind, _ in documents):
        wanted = [one for kind, one, found in made if kind == object_type and found is None]
        for one, found in uow.history.documents(object_type, wanted).items():
            documents[object_type, one] = found
    return documents


def _write(
    uow: UnitOfWork, drafts: Sequence[ChangeDraft], documents: Mapping[str, Document]
) -> None:
    """All of one kind. Names that changed are compared anew with everybody's."""
    if not drafts:
        return
    uow.history.add(drafts)
    object_type = drafts[0].object_type
    if object_type == "customer" and drafts[0].actor != "import":
        # What files bring is compared by the next search: writing it is to be quick.
        named = [int(draft.object_id) for draft in drafts if _NAMES & draft.fields.keys()]
        uow.duplicates.index(named)
    if object_type in _TOLD:
        _tell(uow, drafts, documents)


def _tell(
    uow: UnitOfWork, drafts: Sequence[ChangeDraft], documents: Mapping[str, Document]
) -> None:
    """Nothing is put together that nobody asks for; sensitive fields stay in the house."""
    object_type = drafts[0].object_type
    wanted = uow.outbox.wanted()
    if not any(f"{object_type}.{_EVENTS[draft.action]}" in wanted for draft in drafts):
        return
    secret = sensitive_names(uow, object_type)
    for action in dict.fromkeys(draft.action for draft in drafts):
        theirs = [draft for draft in drafts if draft.action == action]
        payloads = [
            (draft.object_id, _payload(draft, documents.get(draft.object_id), secret))
            for draft in theirs
        ]
        event = f"{object_type}.{_EVENTS[action]}"
        uow.outbox.tell_many(event, object_type, payloads, theirs[0].at)


def sensitive_names(uow: UnitOfWork, object_type: str) -> frozenset[str]:
    of = next((one for one in FIELD_OBJECTS if one == object_type), None)
    found = uow.fields.defs(of, active=None) if of is not None else ()
    return frozenset(f"custom.{one.key}" for one in found if one.sensitive)


def _payload(draft: ChangeDraft, found: Document | None, secret: frozenset[str]) -> dict[str, Any]:
    shown = {name: one for name, one in (found or {}).items() if name not in secret}
    told = {"id": draft.object_id, "changed": sorted(draft.fields)}
    return {**told, draft.object_type: shown if found else None}
