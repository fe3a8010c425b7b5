"""Use cases of saved views of reports, and of files made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.reporting import address as addresses
from callcenter.reporting.address import check
from callcenter.reporting.catalog import REPORTS
from callcenter.reports.folding import checked
from callcenter.services.rights import require

UowFactory = Callable[[], UnitOfWork]
WHAT: Final = ("table", "contacts")
FORMATS: Final = ("csv", "xlsx", "pdf")
_LONGEST: Final = 2000


def keep_view(
    title: str,
    report: str,
    address: str,
    *,
    shared: bool,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> int:
    name = " ".join(title.split())[:80]
    if not name:
        raise Invalid("title", "give it a name")
    _check(report, address)
    with unit_of_work() as uow:
        require(uow, user_id, "report", "create")
        at = clock.now()
        values = {
            "owner_id": user_id,
            "title": name,
            "report": report,
            "address": address,
            "shared": shared,
        }
        view_id = uow.report_views.add_view(values, at)
        uow.audit.record(
            user_id=user_id,
            action="report_view_saved",
            object_type="report_view",
            object_id=str(view_id),
            at=at,
            detail={"title": name, "shared": shared},
        )
        uow.commit()
    return view_id


def drop_view(view_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    """One's own. NotFound where there is none, Forbidden for another's."""
    with unit_of_work() as uow:
        found = uow.report_views.view_of(view_id)
        if found is None:
            raise NotFound("view", "there is no such view")
        owner_id, title = found
        if owner_id != user_id:
            raise Forbidden("view", "only its owner deletes a view")
        uow.report_views.drop_view(view_id)
        uow.audit.record(
            user_id=user_id,
            action="report_view_deleted",
            object_type="report_view",
            object_id=str(view_id),
            at=clock.now(),
            detail={"title": title},
        )
        uow.commit()


def ask_file(
    report: str,
    address: str,
    *,
    what: str,
    form: str,
    user_id: int,
    zone: str,
    unit_of_work: UowFactory,
    clock: Clock,
    words: Mapping[str, Any] | None = None,
) -> int:
    """Puts a file before the worker: the report's table, or every contact behind it. It is made
    with the rights that whoever asks has then. `words`: how it speaks, as `reporting.language`
    keeps it; None: English."""
    if what not in WHAT:
        raise Invalid("what", "must be one of: table, contacts")
    if form not in FORMATS or (form == "pdf" and what == "contacts"):
        raise Invalid("format", "must be one of: csv, xlsx, pdf; contacts go into csv and xlsx")
    _check(report, address)
    if what == "contacts" and not REPORTS[report].counted:
        raise Invalid("what", "no contacts stand behind this report")
    with unit_of_work() as uow:
        require(uow, user_id, "report", "read")
        require(uow, user_id, "export", "create")
        if what == "contacts":
            require(uow, user_id, "interaction", "export")
        at = clock.now()
        if what == "table":
            _check_length(report, address, at, zone)
        # The period is that of the moment of asking: "last 7 days" said before midnight is those.
        plan = {
            "report": report,
            "address": address,
            "what": what,
            "zone": zone,
            "at": at.isoformat(),
            "words": dict(words or {}),
        }
        export_id = uow.exports.add("report", form, plan, user_id, at)
        uow.audit.record(
            user_id=user_id,
            action="export_asked",
            object_type="report",
            object_id=str(export_id),
            at=at,
            detail={"format": form, "report": report, "what": what, "address": address},
        )
        uow.commit()
    return export_id


def _check_length(report: str, address: str, at: datetime, zone: str) -> None:
    """More rows than are told are refused at once, not by a file that fails later."""
    asked = addresses.read(REPORTS[report], addresses.parse(address), now=at, zone=zone)
    if asked.period is not None:
        checked(asked.question())


def _check(report: str, address: str) -> None:
    if report not in REPORTS:
        raise Invalid("report", "there is no such report")
    if len(address) > _LONGEST or "\0" in address:
        raise Invalid("address", "has more filters than can be kept; take some away")
    check(REPORTS[report], address)
