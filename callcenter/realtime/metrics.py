"""What the bus counts. Names are part of the product's interface (docs/operations.md)."""

from __future__ import annotations

from prometheus_client import Counter

PUBLISHED = Counter("callcenter_bus_published_total", "Messages and commands given to the bus")
DROPPED = Counter("callcenter_bus_dropped_total", "Messages and commands lost", ["reason"])
RECEIVED = Counter("callcenter_bus_received_total", "Messages and commands handed to a subscriber")
GAPS = Counter("callcenter_bus_gaps_total", "Times a subscriber was told to take a new snapshot")
RECONNECTS = Counter("callcenter_bus_reconnects_total", "Times a subscriber had to connect anew")
FAILURES = Counter("callcenter_bus_handler_failures_total", "Exceptions in a subscriber's handler")
