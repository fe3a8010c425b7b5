"""How the API says no: `application/problem+json` (RFC 9457), always with the field at fault.

Owns the model of a problem and the exception endpoints raise. `problem_handlers.py` turns every
other exception into one of these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Response
from pydantic import BaseModel, Field, ValidationError

PROBLEM_JSON = "application/problem+json"


class FieldError(BaseModel):
    field: str = Field(description="The parameter, header or body field at fault, dotted.")
    message: str


class Problem(BaseModel):
    """What went wrong. `type` is stable and made for programs; `detail` is for people."""

    type: str = Field(examples=["urn:callcenter:problem:validation"])
    title: str
    status: int
    detail: str
    errors: list[FieldError] = Field(description="One entry for each field at fault.")
    instance: str | None = Field(
        default=None, description="Names this one occurrence; the server's log has it too."
    )


@dataclass(eq=False)
class ProblemError(Exception):
    """Raised by endpoints and checks; answered as the problem it describes."""

    status: int
    kind: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    instance: str | None = None
    extra: Mapping[str, int] = field(default_factory=dict)
    """Members of this kind of problem (RFC 9457 lets a kind have its own)."""

    def response(self) -> Response:
        body = Problem(
            type=f"urn:callcenter:problem:{self.kind}",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            errors=list(self.errors),
            instance=self.instance,
        )
        return Response(
            json.dumps({**body.model_dump(exclude_none=True), **self.extra}),
            status=self.status,
            mimetype=PROBLEM_JSON,
            headers=dict(self.headers),
        )


def invalid(errors: Iterable[tuple[str, str]]) -> ProblemError:
    """422: the request was read, and these fields of it cannot be accepted."""
    found = tuple(FieldError(field=name, message=message) for name, message in errors)
    detail = "; ".join(f"{one.field}: {one.message}" for one in found[:3])
    return ProblemError(422, "validation", detail or "The request is not acceptable.", found)


def not_found(what: str) -> ProblemError:
    return ProblemError(404, "not-found", f"There is no {what}.")


def from_pydantic(error: ValidationError) -> ProblemError:
    return invalid(
        (".".join(str(part) for part in one["loc"]) or "body", _words(one["msg"]))
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    )


def _words(message: str) -> str:
    return message.removeprefix("Value error, ")
