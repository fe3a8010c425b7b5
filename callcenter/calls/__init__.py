"""The call-state machine: signals in, call events out. Pure: no I/O, no clock, no settings."""
