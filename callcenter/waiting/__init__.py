"""Waiting well: what place somebody has, how long it will be, what they are told. Pure."""
