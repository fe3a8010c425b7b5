"""Conditions on customers: fields, operators, trees of them, and how they read. Pure."""
