"""Turns what queries return into JSON answers, through the documented models only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response
from pydantic import BaseModel

from callcenter.queries import showing
from web.api import selection
from web.api.context import the_runtime, the_viewer


def answer(
    model: type[BaseModel],
    value: Any,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`value` is a dataclass (or a mapping) with at least the fields of `model`; what the caller's
    role may not see is taken out here."""
    read = model.model_validate(as_seen(value), from_attributes=True)
    body = (
        json.dumps(selection.selected(model, read.model_dump(mode="json")), ensure_ascii=False)
        if selection.is_asked()
        else read.model_dump_json()
    )
    response = Response(
        body, status=status, mimetype="application/json", headers=dict(headers or {})
    )
    return selection.unless_known(response)


def as_seen(value: Any) -> Any:
    viewer = the_viewer()
    if viewer.policy.unlimited:
        return value
    with the_runtime().reader() as connection:
        return showing.shown(connection, viewer, value)
