"""Answers to questions of the reports: figures, and the contacts behind each of them."""

from __future__ import annotations

from callcenter.queries.reports.answers import answer
from callcenter.queries.reports.contacts import contacts
from callcenter.queries.reports.today import lately, today

__all__ = ["answer", "contacts", "lately", "today"]
