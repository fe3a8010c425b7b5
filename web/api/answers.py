"""Turns what queries return into JSON answers, through the documented models only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from pydantic import BaseModel


def answer(
    model: type[BaseModel],
    value: Any,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`value` is a dataclass (or a mapping) with at least the fields of `model`."""
    body = model.model_validate(value, from_attributes=True).model_dump_json()
    return Response(body, status=status, mimetype="application/json", headers=dict(headers or {}))
