"""A classic AGI program: serves one caller on its standard streams, looks nothing up, ends.

Imports pyst2 and nothing else, as such a script would.
"""

import io

from asterisk.agi import AGI

VARIABLES = {
    "CRM_CUSTOMER_ID": "",
    "CRM_PRIORITY": "0",
    "CRM_LANGUAGE": "pl",
    "CRM_REASON": "unknown",
    "CRM_ROUTE": "",
}

if __name__ == "__main__":
    agi = AGI(stderr=io.StringIO())
    for name, value in VARIABLES.items():
        agi.set_variable(name, value)
