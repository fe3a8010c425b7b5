"""The ledger's columns: what each field of the CEL file is called, in the order it is written.

Asterisk writes no header row. `CEL_COLUMNS` is that row for whoever reads the file; the names are
those that Asterisk's own database back ends use.
"""

from __future__ import annotations

CEL_FILE = "callcenter.csv"

# (column, cel_custom's name of the field)
_COLUMNS = (
    ("eventtype", "EventType"),
    ("eventtime", "EventTime"),
    ("cid_name", "Name"),
    ("cid_num", "Num"),
    ("cid_ani", "ani"),
    ("cid_rdnis", "rdnis"),
    ("cid_dnid", "dnid"),
    ("exten", "Exten"),
    ("context", "Context"),
    ("channame", "ChanName"),
    ("appname", "AppName"),
    ("appdata", "AppData"),
    ("accountcode", "AccountCode"),
    ("uniqueid", "UniqueID"),
    ("linkedid", "LinkedID"),
    ("peer", "Peer"),
    ("userdeftype", "userdeftype"),
    ("extra", "EventExtra"),
)
CEL_COLUMNS = tuple(column for column, _ in _COLUMNS)
CEL_HEADER = ",".join(f'"{column}"' for column in CEL_COLUMNS)
CEL_FIELDS = tuple(field for _, field in _COLUMNS)
