"""What the lines of the audit log were done to, by the names that people know, and where it is now.

A line keeps an id for good, also of what is gone since: then its kind and id are all that is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from callcenter.queries import alerts as alert_queries
from callcenter.queries import calls as call_queries
from callcenter.queries.users import AuditEntry
from web.alert_words import METRICS
from web.audit_words import object_words
from web.context import reading, runtime
from web.queue_names import queue_title


@dataclass(frozen=True, slots=True)
class Line:
    entry: AuditEntry
    what: str
    href: str = ""


def lines(entries: Iterable[AuditEntry], people: Mapping[int, str]) -> list[Line]:
    entries = list(entries)
    contacts = _contacts([one.object_id for one in entries if one.object_type == "call"])
    watched = any(one.object_type == "threshold" for one in entries)
    thresholds = _thresholds() if watched else {}
    return [_line(one, people, contacts, thresholds) for one in entries]


def _line(
    entry: AuditEntry,
    people: Mapping[int, str],
    contacts: Mapping[str, int],
    thresholds: Mapping[str, str],
) -> Line:
    kind, key = entry.object_type, entry.object_id
    href = ""
    if kind == "queue":
        key = queue_title(key)
    elif kind == "call" and key in contacts:
        href = url_for("interactions.one", interaction_id=contacts[key])
        key = str(contacts[key])
    elif kind == "threshold" and key in thresholds:
        href = url_for("thresholds.edit", threshold_id=int(key))
        key = thresholds[key]
    return Line(entry, object_words(kind, key, people), href)


def _contacts(call_ids: Sequence[str]) -> dict[str, int]:
    """Of each call, also of one that turned out to be part of another."""
    if not call_ids:
        return {}
    with reading() as connection:
        records = {one: call_queries.get(connection, one) for one in set(call_ids)}
    now = {one: record.id for one, record in records.items() if record is not None}
    with runtime().unit_of_work() as uow:
        found = uow.interactions.identified(list(now.values()))
    return {one: found[call_id].id for one, call_id in now.items() if call_id in found}


def _thresholds() -> dict[str, str]:
    with reading() as connection:
        known = alert_queries.all_thresholds(connection)
    return {str(one.id): one.title or str(METRICS[one.metric]) for one in known}
