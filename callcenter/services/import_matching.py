"""Which record each row is about: the first way of the plan that finds any decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from callcenter.customers.names import sort_key
from callcenter.imports.people import name_of
from callcenter.ports import UnitOfWork

Document = Mapping[str, Any]
Keys = tuple[Any, ...]


@dataclass(slots=True)
class Candidate:
    """A row on its way: what it says as a document, and by what it can be found."""

    document: dict[str, Any]
    external_id: str = ""
    organization: str = ""
    keys: dict[str, Keys] = field(default_factory=dict)
    """Way of matching → its keys."""
    found: tuple[int, ...] = ()


def customer_keys(candidate: Candidate) -> dict[str, Keys]:
    document = candidate.document
    name = name_of(document, candidate.organization)
    mails = (one for one in document.get("contact_points", ()) if one["kind"] == "email")
    return {
        "external_id": (candidate.external_id,) if candidate.external_id else (),
        "phone": tuple(one["e164"] for one in document.get("phones", ()) if not one["shared"]),
        "email": tuple(one["value_key"] for one in mails),
        "name": (
            ((sort_key(name, document.get("family_name", "")), sort_key(candidate.organization)),)
            if name
            else ()
        ),
    }


def organization_keys(candidate: Candidate) -> dict[str, Keys]:
    document = candidate.document
    return {
        "external_id": (candidate.external_id,) if candidate.external_id else (),
        "tax_id": (document["tax_id"],) if document.get("tax_id") else (),
        "name": (sort_key(document["name"]),) if document.get("name") else (),
    }


def find(uow: UnitOfWork, thing: str, candidates: Sequence[Candidate], ways: Sequence[str]) -> None:
    """Fills `found` of each: one way is one query for all of them."""
    for way in ways:
        open_ones = [one for one in candidates if not one.found and one.keys.get(way)]
        asked = {key for one in open_ones for key in one.keys[way]}
        if not asked:
            continue
        owners = _lookup(uow, thing, way)(sorted(asked))
        for one in open_ones:
            one.found = _distinct(owners.get(key, ()) for key in one.keys[way])
        if way != "external_id" and "external_id" in ways:
            _without_others(uow, thing, open_ones)


def _without_others(uow: UnitOfWork, thing: str, candidates: Sequence[Candidate]) -> None:
    """Who is known there under another id is somebody else, whatever they share."""
    told = [one for one in candidates if one.external_id and one.found]
    ids = {found for one in told for found in one.found}
    known = uow.imported.external_ids_of(thing, sorted(ids)) if ids else {}
    for one in told:
        one.found = tuple(
            found for found in one.found if known.get(found, one.external_id) == one.external_id
        )


def _lookup(
    uow: UnitOfWork, thing: str, way: str
) -> Callable[[Sequence[Any]], Mapping[Any, tuple[int, ...]]]:
    many = uow.imported
    if way == "external_id":
        return lambda keys: {key: (one,) for key, one in many.by_external_id(thing, keys).items()}
    if thing == "organizations":
        column = "tax_id" if way == "tax_id" else "sort_name"
        return lambda keys: many.organizations_by(column, keys)
    if way == "phone":
        return many.customers_by_phone
    return many.customers_by_email if way == "email" else many.customers_by_name


def _distinct(owners: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one for ids in owners for one in ids))
