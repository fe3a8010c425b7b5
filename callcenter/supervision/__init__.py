"""Stepping into calls of operators: the ways to do it, and what screens show of it. Pure."""
