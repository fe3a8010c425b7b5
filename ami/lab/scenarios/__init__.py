"""What can happen to a call, played on the lab: each scenario and what is true about it."""

from __future__ import annotations

from ami.lab.scenarios.click_to_call import CLICK_TO_CALL
from ami.lab.scenarios.conference import CONFERENCES
from ami.lab.scenarios.conference_desk import DESK
from ami.lab.scenarios.crm_control import CRM_CONTROL
from ami.lab.scenarios.everyday import EVERYDAY
from ami.lab.scenarios.everyday_desks import DESKS
from ami.lab.scenarios.forwarding import FORWARDING
from ami.lab.scenarios.groups import GROUPS
from ami.lab.scenarios.menus import MENUS
from ami.lab.scenarios.model import (
    ANNA,
    STRANGER,
    FromDesk,
    Inbound,
    LegTruth,
    Scenario,
    TransferTruth,
    Truth,
)
from ami.lab.scenarios.numbers import NUMBERS
from ami.lab.scenarios.parking import WAITING
from ami.lab.scenarios.pickup import PICKUP
from ami.lab.scenarios.queues import QUEUES
from ami.lab.scenarios.queues_local import LOCAL_MEMBERS
from ami.lab.scenarios.restarts import RESTARTS
from ami.lab.scenarios.services import SERVICES
from ami.lab.scenarios.stepping_in import STEPPING_IN
from ami.lab.scenarios.transfers import TRANSFERS
from ami.lab.scenarios.transfers_attended import ATTENDED
from ami.lab.scenarios.transfers_by_key import BY_KEY
from ami.lab.scenarios.transfers_odd import ODD

__all__ = [
    "ANNA",
    "SCENARIOS",
    "STRANGER",
    "FromDesk",
    "Inbound",
    "LegTruth",
    "Scenario",
    "TransferTruth",
    "Truth",
]

SCENARIOS: tuple[Scenario, ...] = (
    *EVERYDAY,
    *DESKS,
    *CLICK_TO_CALL,
    *CRM_CONTROL,
    *MENUS,
    *FORWARDING,
    *GROUPS,
    *PICKUP,
    *QUEUES,
    *LOCAL_MEMBERS,
    *SERVICES,
    *STEPPING_IN,
    *NUMBERS,
    *RESTARTS,
    *TRANSFERS,
    *ATTENDED,
    *BY_KEY,
    *ODD,
    *WAITING,
    *CONFERENCES,
    *DESK,
)
