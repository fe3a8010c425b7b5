"""The pages: one blueprint per area."""

from __future__ import annotations

from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
