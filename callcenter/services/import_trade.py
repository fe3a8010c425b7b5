"""Writes rows of invoices, payments, orders and visits: each finds its customer, then goes the way
that any such record goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from callcenter.customers.contacts import contact_key
from callcenter.customers.names import sort_key
from callcenter.errors import Invalid
from callcenter.imports.rows import Row
from callcenter.ports import UnitOfWork
from callcenter.services import figures, history, import_matching
from callcenter.services.import_matching import Candidate
from callcenter.services.import_writing import Done, Task, failed
from callcenter.services.rights import viewer_of
from callcenter.services.trade import Teller, put_record
from callcenter.trade.records import Kind, checked

SOURCE: Final = "import"
_KINDS: Final[Mapping[str, Kind]] = {
    "invoices": "invoice",
    "payments": "payment",
    "orders": "order",
    "visits": "visit",
}
_WAYS: Final = ("external_id", "phone", "email", "name")
_PLAIN: Final[tuple[str, ...]] = (
    "number",
    "title",
    "status",
    "issued_on",
    "due_on",
    "paid_on",
    "placed_on",
    "method",
    "at",
    "place",
    "note",
)


class TradeWriter:
    def __init__(self, kind: str, task: Task) -> None:
        self._kind, self._task = _KINDS[kind], task

    def write(self, uow: UnitOfWork, rows: Sequence[Row]) -> list[Done]:
        whose = [_customer_of(row) for row in rows]
        import_matching.find(uow, "customers", whose, _WAYS)
        touched: set[int] = set()
        done = [self._write(uow, row, one, touched) for row, one in zip(rows, whose, strict=True)]
        figures.refresh(uow, self._task.clock, touched)
        return done

    def _write(self, uow: UnitOfWork, row: Row, whose: Candidate, touched: set[int]) -> Done:
        try:
            values = self._values(row)
            checked(self._kind, _plain_only(values), new=True)
        except Invalid as error:
            return failed(f"{error.field}: {error.message}" if error.field else error.message)
        if len(whose.found) > 1:
            return failed(f"could be any of {len(whose.found)} customers")
        if not whose.found and not values.get("invoice_number"):
            return failed("is about nobody we know")
        customer_id = whose.found[0] if whose.found else None
        if customer_id is not None and not self._reaches(uow, customer_id):
            return failed("is about a record that you may not change")
        if customer_id is not None:
            touched.add(customer_id)
        return self._put(uow, customer_id, values)

    def _put(self, uow: UnitOfWork, customer_id: int | None, values: dict[str, Any]) -> Done:
        number = str(values.get("number") or "")
        known = uow.trade.by_number(self._kind, number, SOURCE) if number else None
        if known is not None and self._task.plan.on_match == "skip":
            return Done("unchanged")
        if known is None and not self._task.plan.create:
            return failed("there is no record of this number")
        before = history.document(uow, self._kind, known.id) if known is not None else None
        record_id, new = put_record(
            uow,
            self._kind,
            customer_id,
            values,
            teller=Teller(user_id=self._task.user_id, actor="import", batch_id=self._task.batch_id),
            clock=self._task.clock,
            keep_figures=customer_id is None,
        )
        if new:
            return Done("created")
        same = history.document(uow, self._kind, record_id) == before
        return Done("unchanged" if same else "updated")

    def _reaches(self, uow: UnitOfWork, customer_id: int) -> bool:
        viewer = viewer_of(uow, self._task.user_id)
        if viewer.user_ids("customer", "read") is None:
            return True
        return uow.rights.reaches(viewer, "customer", "read", customer_id)

    def _values(self, row: Row) -> dict[str, Any]:
        told: dict[str, Any] = {name: row.values[name] for name in _PLAIN if name in row.values}
        told["source"] = SOURCE
        if "amount" in row.values:
            minor, currency = row.values["amount"]
            told["amount_minor"] = minor
            told["currency"] = (
                row.values.get("currency") or currency or self._task.plan.currency
            ).upper()
            if not told["currency"]:
                raise Invalid("currency", "is not said; choose one for the whole file")
        if "invoice" in row.values:
            told["invoice_number"] = row.values["invoice"]
        return told


def _plain_only(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what only the store can check."""
    left_out = {"invoice_number"} | ({"paid_on"} if "due_on" in values else set())
    return {name: value for name, value in values.items() if name not in left_out}


def _customer_of(row: Row) -> Candidate:
    values = row.values
    phones = [one.value for one in values.get("customer_phone", ())]
    mails = [contact_key("email", one.value) for one in values.get("customer_email", ())]
    name = values.get("customer_name", "")
    external_id = values.get("customer_external_id", "")
    return Candidate(
        {},
        external_id,
        keys={
            "external_id": (external_id,) if external_id else (),
            "phone": tuple(phones),
            "email": tuple(mails),
            "name": ((sort_key(name), ""),) if name else (),
        },
    )
