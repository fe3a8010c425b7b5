"""Use cases of orders, invoices, payments and visits: told by other systems, by files, or by hand.

A record is known by its number and the source that gave it: told again, it is the same record, with
whatever changed. Every way in keeps the customer's figures in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.history.change import Actor
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import figures, history, rights
from callcenter.trade.records import Kind, Record, checked

UowFactory = Callable[[], UnitOfWork]


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells of a record, as its history keeps it."""

    user_id: int | None = None
    actor: Actor = "user"
    batch_id: int | None = None


def save_record(
    kind: Kind,
    customer_id: int | None,
    values: Mapping[str, Any],
    *,
    user_id: int | None,
    unit_of_work: UowFactory,
    clock: Clock,
) -> tuple[int, bool]:
    """A new record, or what is known under its number made so. (id, whether it is new)."""
    with unit_of_work() as uow:
        rights.require(uow, user_id, "account", "create")
        if customer_id is not None:
            _check_customer(uow, user_id, customer_id)
        found = put_record(uow, kind, customer_id, values, teller=Teller(user_id), clock=clock)
        uow.commit()
    return found


def change_record(
    kind: Kind,
    record_id: int,
    values: Mapping[str, Any],
    *,
    user_id: int | None,
    unit_of_work: UowFactory,
    clock: Clock,
) -> None:
    """Change what is named. A cancelled record stays as it was."""
    with unit_of_work() as uow:
        record = _standing(uow, kind, record_id)
        rights.require(uow, user_id, "account", "change")
        _check_customer(uow, user_id, record.customer_id)
        with history.recorded(uow, clock, kind, record_id, user_id=user_id):
            _change(uow, record, dict(values), clock)
        uow.commit()


def cancel_record(
    kind: Kind, record_id: int, *, user_id: int | None, unit_of_work: UowFactory, clock: Clock
) -> None:
    """It never counted. Cancelling twice changes nothing; money that was paid stays paid."""
    with unit_of_work() as uow:
        record = _get(uow, kind, record_id)
        rights.require(uow, user_id, "account", "delete")
        _check_customer(uow, user_id, record.customer_id)
        if not record.cancelled:
            gone = {"status": "cancelled"} if kind == "order" else {"cancelled": True}
            with history.recorded(uow, clock, kind, record_id, user_id=user_id, action="delete"):
                uow.trade.update(kind, record.id, gone)
            _settle(uow, record, {})
            figures.refresh(uow, clock, [record.customer_id])
        uow.commit()


def put_record(
    uow: UnitOfWork,
    kind: Kind,
    customer_id: int | None,
    values: Mapping[str, Any],
    *,
    teller: Teller,
    clock: Clock,
    keep_figures: bool = True,
) -> tuple[int, bool]:
    """Inside the caller's transaction, and checked by them. `customer_id` may be left to a
    payment's invoice, which `invoice_number` names as well as `invoice_id`.

    Whoever writes many passes `keep_figures=False` and refreshes the figures of all at the end.
    """
    given = dict(values)
    paid_on = given.pop("paid_on", None) if kind == "invoice" else None
    invoice = _invoice_of(uow, kind, given)
    customer_id = _customer(uow, customer_id, invoice)
    clean = checked(kind, given, new=True)
    _check_payment(kind, clean, invoice)
    known = _known(uow, kind, customer_id, clean)
    if known is None:
        record, changed = _insert(uow, kind, customer_id, clean, clock), True
        if paid_on is not None:
            _pay_rest(uow, record.id, paid_on, clock)
        made = [(kind, record.id, None)]
        history.record_created(uow, clock, made, **asdict(teller))
    else:
        record = known
        with history.recorded(uow, clock, kind, record.id, **asdict(teller)):
            changed = _update(uow, known, clean)
            if paid_on is not None:
                changed = _pay_rest(uow, record.id, paid_on, clock) or changed
    if changed and keep_figures:
        figures.refresh(uow, clock, [customer_id])
    return record.id, known is None


def _known(
    uow: UnitOfWork, kind: Kind, customer_id: int, clean: Mapping[str, Any]
) -> Record | None:
    """By number and source; a visit without a number by its moment."""
    if clean["number"]:
        known = uow.trade.by_number(kind, clean["number"], clean["source"])
        if known is not None and known.customer_id != customer_id:
            raise Conflict("number", "another customer has a record with this number")
        return known
    return (
        uow.trade.visit_at(customer_id, clean["at"], clean["source"]) if kind == "visit" else None
    )


def _insert(
    uow: UnitOfWork, kind: Kind, customer_id: int, clean: Mapping[str, Any], clock: Clock
) -> Record:
    record_id = uow.trade.insert(kind, customer_id, clean, clock.now())
    record = Record(kind=kind, id=record_id, customer_id=customer_id, values=clean)
    _settle(uow, record, {})
    return record


def _invoice_of(uow: UnitOfWork, kind: Kind, given: dict[str, Any]) -> Record | None:
    """A payment names its invoice by id or by number (of the same source, or of any)."""
    if kind != "payment":
        return None
    number = str(given.pop("invoice_number", "") or "").strip()
    if given.get("invoice_id") is not None:
        wanted = checked("payment", {"invoice_id": given["invoice_id"]}, new=False)["invoice_id"]
        invoice = uow.trade.get("invoice", wanted)
        if invoice is None:
            raise Invalid("invoice_id", f"there is no invoice {wanted}")
        return invoice
    if not number:
        return None
    invoice = uow.trade.by_number("invoice", number, str(given.get("source") or ""))
    if invoice is None:
        others = uow.trade.invoices_numbered(number)
        if len(others) != 1:
            what = "several invoices have" if others else "there is no invoice with"
            raise Invalid("invoice_number", f"{what} the number {number}")
        (invoice,) = others
    given["invoice_id"] = invoice.id
    return invoice


def _customer(uow: UnitOfWork, customer_id: int | None, invoice: Record | None) -> int:
    if customer_id is None and invoice is not None:
        return invoice.customer_id
    if customer_id is None:
        raise Invalid("customer_id", "must not be empty")
    if uow.customers.get(customer_id) is None:
        raise Invalid("customer_id", f"there is no customer {customer_id}")
    if invoice is not None and invoice.customer_id != customer_id:
        raise Invalid("invoice_id", "is another customer's invoice")
    return customer_id


def _check_payment(kind: Kind, clean: Mapping[str, Any], invoice: Record | None) -> None:
    if kind != "payment" or invoice is None:
        return
    if clean["currency"] != invoice.values["currency"]:
        raise Invalid("currency", f"the invoice is in {invoice.values['currency']}")
    if invoice.cancelled:
        raise Invalid("invoice_id", "this invoice was cancelled")


def _check_customer(uow: UnitOfWork, user_id: int | None, customer_id: int) -> None:
    try:
        rights.require_record(uow, user_id, "customer", "read", customer_id)
    except NotFound as error:
        raise Invalid("customer_id", error.message) from error


def _change(uow: UnitOfWork, record: Record, given: dict[str, Any], clock: Clock) -> None:
    paid_on = given.pop("paid_on", None) if record.kind == "invoice" else None
    clean = checked(record.kind, given, new=False)
    if "invoice_id" in clean and clean["invoice_id"] != record.values["invoice_id"]:
        raise Invalid("invoice_id", "a payment stays with its invoice; cancel it and add another")
    changed = _update(uow, record, clean)
    if paid_on is not None:
        changed = _pay_rest(uow, record.id, paid_on, clock) or changed
    if changed:
        figures.refresh(uow, clock, [record.customer_id])


def _update(uow: UnitOfWork, record: Record, clean: Mapping[str, Any]) -> bool:
    different = {name: value for name, value in clean.items() if record.values[name] != value}
    if not different:
        return False
    if record.cancelled and not (record.kind == "order" and "status" in different):
        raise Conflict("number", "this record was cancelled")
    _keep_currency(record, different)
    uow.trade.update(record.kind, record.id, different)
    _settle(uow, record, different)
    return True


def _keep_currency(record: Record, different: Mapping[str, Any]) -> None:
    """Payments and their invoice are in one currency, always."""
    linked = record.values.get("invoice_id") or record.values.get("paid_minor")
    if "currency" in different and linked:
        raise Invalid("currency", "payments and their invoice must be in one currency")


def _settle(uow: UnitOfWork, record: Record, different: Mapping[str, Any]) -> None:
    if record.kind == "invoice":
        uow.trade.settle(record.id)
    if record.kind == "payment":
        invoice_id = different.get("invoice_id") or record.values.get("invoice_id")
        if invoice_id is not None:
            uow.trade.settle(invoice_id)


def _pay_rest(uow: UnitOfWork, invoice_id: int, paid_on: date, clock: Clock) -> bool:
    """Another system says "paid on that day" without telling of payments: here is one."""
    uow.trade.hold(invoice_id)
    invoice = _get(uow, "invoice", invoice_id)
    rest = invoice.values["amount_minor"] - invoice.values["paid_minor"]
    if rest <= 0 or invoice.cancelled:
        return False
    told = {
        "number": "",
        "source": invoice.values["source"],
        "amount_minor": rest,
        "currency": invoice.values["currency"],
        "paid_on": paid_on,
        "invoice_id": invoice_id,
    }
    clean = checked("payment", told, new=True)
    uow.trade.insert("payment", invoice.customer_id, clean, clock.now())
    uow.trade.settle(invoice_id)
    return True


def _get(uow: UnitOfWork, kind: Kind, record_id: int) -> Record:
    record = uow.trade.get(kind, record_id)
    if record is None:
        raise NotFound(kind, f"there is no {kind} {record_id}")
    return record


def _standing(uow: UnitOfWork, kind: Kind, record_id: int) -> Record:
    record = _get(uow, kind, record_id)
    if record.cancelled and kind != "order":
        raise Conflict("number", "this record was cancelled")
    return record
