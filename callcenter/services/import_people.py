"""Writes rows of customers and organisations: new ones by the hundred, known ones as the rule says.

A row that could be about one that another row of the same lot makes waits until that is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from callcenter.customers.names import sort_key
from callcenter.errors import Invalid
from callcenter.imports.people import customer_document, name_of, organization_document
from callcenter.imports.rows import Row
from callcenter.imports.rules import changed_fields
from callcenter.ports import UnitOfWork
from callcenter.rights.viewer import Viewer
from callcenter.services import history, import_matching
from callcenter.services.erased import external_key, number_key, point_key
from callcenter.services.import_matching import Candidate
from callcenter.services.import_writing import Done, Task, failed
from callcenter.services.rights import viewer_of

_CREATED, _UPDATED, _UNCHANGED = Done("created"), Done("updated"), Done("unchanged")
_OBJECT: Final = {"customers": "customer", "organizations": "organization"}
_MOST_NAMED = 3
_ERASED: Final = (
    "this person was erased for good; they come back only if somebody adds them by hand"
)


class PeopleWriter:
    def __init__(self, thing: str, task: Task) -> None:
        self._thing, self._task = thing, task
        self._object: Any = _OBJECT[thing]
        self._own_city = "address_city" in task.plan.columns.values()

    def write(self, uow: UnitOfWork, rows: Sequence[Row]) -> list[Done]:
        done: dict[int, Done] = {}
        lot: dict[int, Candidate] = {}
        taken: set[tuple[str, Any]] = set()
        for place, row in enumerate(rows):
            try:
                candidate = self._candidate(row)
            except (ValueError, Invalid) as error:
                done[place] = failed(getattr(error, "message", None) or str(error))
                continue
            keys = {(way, key) for way in self._ways for key in candidate.keys.get(way, ())}
            if keys & taken:
                done |= self._write_lot(uow, lot)
                lot, taken = {}, set()
            lot[place] = candidate
            taken |= keys
        done |= self._write_lot(uow, lot)
        return [done[place] for place in range(len(rows))]

    @property
    def _ways(self) -> tuple[str, ...]:
        return self._task.plan.match_by

    def _candidate(self, row: Row) -> Candidate:
        values, own_city = row.values, self._own_city
        if self._thing == "organizations":
            made = Candidate(
                organization_document(values, own_city=own_city), values.get("external_id", "")
            )
            made.keys = import_matching.organization_keys(made)
        else:
            made = Candidate(
                customer_document(values, own_city=own_city),
                values.get("external_id", ""),
                values.get("organization", ""),
            )
            made.keys = import_matching.customer_keys(made)
        return made

    def _write_lot(self, uow: UnitOfWork, lot: dict[int, Candidate]) -> dict[int, Done]:
        if not lot:
            return {}
        import_matching.find(uow, self._thing, list(lot.values()), self._ways)
        done = self._refused(uow, lot)
        new = {n: one for n, one in lot.items() if n not in done and not one.found}
        known = {n: one for n, one in lot.items() if n not in done and one.found}
        done |= self._refused_new(uow, new)
        new = {n: one for n, one in new.items() if n not in done}
        self._resolve_organizations(uow, [*new.values(), *known.values()])
        self._create(uow, list(new.values()))
        done |= dict.fromkeys(new, _CREATED)
        return done | self._change(uow, known)

    # -- what is not done ------------------------------------------------------------------------

    def _refused(self, uow: UnitOfWork, lot: dict[int, Candidate]) -> dict[int, Done]:
        done: dict[int, Done] = {}
        viewer = viewer_of(uow, self._task.user_id)
        for place, one in lot.items():
            if len(one.found) > 1:
                done[place] = self._several(uow, one)
            elif one.found and not self._reaches(uow, viewer, one.found[0]):
                done[place] = failed("is about a record that you may not change")
        return done

    def _several(self, uow: UnitOfWork, one: Candidate) -> Done:
        names = [
            str(document.get("display_name") or document.get("name"))
            for document in uow.history.documents(self._object, one.found[:_MOST_NAMED]).values()
        ]
        return failed(f"could be any of {len(one.found)}: {', '.join(names)}")

    def _reaches(self, uow: UnitOfWork, viewer: Viewer, found: int) -> bool:
        if viewer.user_ids(self._object, "change") is None:
            return True
        return uow.rights.reaches(viewer, self._object, "change", found)

    def _refused_new(self, uow: UnitOfWork, new: dict[int, Candidate]) -> dict[int, Done]:
        if not self._task.plan.create:
            return {place: failed("is about nobody we know") for place in new}
        if self._thing != "customers" or not new or uow.erasures.last() is None:
            return {}
        asked = {
            place: [
                *(number_key(phone["e164"]) for phone in one.document.get("phones", ())),
                *(
                    point_key(point["kind"], point["value_key"])
                    for point in one.document.get("contact_points", ())
                ),
                *([external_key(one.external_id)] if one.external_id else ()),
            ]
            for place, one in new.items()
        }
        gone = uow.erasures.erased(sorted({key for keys in asked.values() for key in keys}))
        return {
            place: replace(failed(_ERASED), secret=True)
            for place, keys in asked.items()
            if any(key in gone for key in keys)
        }

    # -- what is done ----------------------------------------------------------------------------

    def _resolve_organizations(self, uow: UnitOfWork, candidates: Sequence[Candidate]) -> None:
        names = sorted({one.organization for one in candidates if one.organization})
        if not names:
            return
        ids, made = uow.imported.ensure_organizations(names, self._task.clock.now())
        self._record_created(uow, "organization", made)
        for one in candidates:
            if one.organization:
                one.document["organization_id"] = ids[sort_key(one.organization)]

    def _create(self, uow: UnitOfWork, candidates: Sequence[Candidate]) -> None:
        if not candidates:
            return
        at = self._task.clock.now()
        documents = [one.document for one in candidates]
        if self._thing == "organizations":
            made = uow.imported.add_organizations(documents, at)
        else:
            for one in candidates:
                one.document["display_name"] = name_of(one.document, one.organization)[:160]
            organizations = [one.organization for one in candidates]
            made = uow.imported.add_customers(documents, organizations, at)
        self._record_created(uow, self._object, made)
        self._link(uow, zip(candidates, made, strict=True))

    def _record_created(
        self, uow: UnitOfWork, kind: str, made: Mapping[int, Mapping[str, Any]]
    ) -> None:
        history.record_created(
            uow,
            self._task.clock,
            [(kind, one, document) for one, document in made.items()],
            user_id=self._task.user_id,
            actor="import",
            batch_id=self._task.batch_id,
        )

    def _change(self, uow: UnitOfWork, known: dict[int, Candidate]) -> dict[int, Done]:
        if not known:
            return {}
        first: dict[int, int] = {}
        for place, one in known.items():
            first.setdefault(one.found[0], place)
        later = {place: one for place, one in known.items() if first[one.found[0]] != place}
        now = {place: one for place, one in known.items() if place not in later}
        return self._change_each_once(uow, now) | self._change(uow, later)

    def _change_each_once(self, uow: UnitOfWork, known: dict[int, Candidate]) -> dict[int, Done]:
        ids = {place: one.found[0] for place, one in known.items()}
        documents = uow.history.documents(self._object, sorted(set(ids.values())))
        wanted = {
            place: changed_fields(
                documents.get(str(ids[place]), {}), one.document, self._task.plan.on_match
            )
            for place, one in known.items()
        }
        changing = {place: fields for place, fields in wanted.items() if fields}
        task = self._task
        with history.recorded_all(
            uow,
            task.clock,
            self._object,
            [ids[place] for place in changing],
            user_id=task.user_id,
            actor="import",
            batch_id=task.batch_id,
        ):
            for place, fields in changing.items():
                if "tags" in fields:
                    uow.tags.ensure(fields["tags"])
                uow.history.write(self._object, ids[place], fields, task.clock.now())
        self._link(uow, ((one, ids[place]) for place, one in known.items()))
        return {place: _UPDATED if place in changing else _UNCHANGED for place in known}

    def _link(self, uow: UnitOfWork, pairs: Any) -> None:
        told = {one.external_id: object_id for one, object_id in pairs if one.external_id}
        if told and self._task.plan.on_match != "skip":
            uow.imported.link(self._thing, told)
