"""The dialplan's names: every channel variable the CRM sets (docs/dialplan-variables.md)."""

from __future__ import annotations

from typing import Final

CRM_CUSTOMER_ID: Final = "CRM_CUSTOMER_ID"
CRM_PRIORITY: Final = "CRM_PRIORITY"
CRM_LANGUAGE: Final = "CRM_LANGUAGE"
CRM_REASON: Final = "CRM_REASON"
CRM_ROUTE: Final = "CRM_ROUTE"
"""Set last, and the only one the dialplan needs: when it is there, so are the others."""
CRM_PING: Final = "CRM_PING"

ROUTE_ORDER: Final = (CRM_CUSTOMER_ID, CRM_PRIORITY, CRM_LANGUAGE, CRM_REASON, CRM_ROUTE)
SETTABLE: Final = frozenset({*ROUTE_ORDER, CRM_PING})
