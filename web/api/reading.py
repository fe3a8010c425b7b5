"""Reads a request strictly, before any endpoint sees it: query names, size, type, JSON itself."""

from __future__ import annotations

import difflib
import json
from typing import Any, NoReturn

from flask import request

from web.api.operation import Rule
from web.api.problems import ProblemError, invalid

MAX_BODY = 64 * 1024


def check_query(rule: Rule) -> None:
    """Unknown and repeated parameters are refused by name: a filter that is ignored lies."""
    errors = [
        (name, _unknown(name, rule.query_names) if name not in rule.query_names else _REPEATED)
        for name, values in request.args.lists()
        if name not in rule.query_names or len(values) > 1
    ]
    if errors:
        raise invalid(errors)


_REPEATED = "may be given only once"


def _unknown(name: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"is not a parameter here; did you mean {near[0]}?"
    return f"is not a parameter here; known: {', '.join(sorted(known)) or 'none'}"


def check_body(rule: Rule) -> None:
    if not rule.has_body:
        return
    if rule.raw_limit < 0:
        return  # it is streamed, and its operation bounds it
    if rule.raw_limit:
        request.max_content_length = rule.raw_limit
        request.get_data()  # too much is refused here
        return
    request.max_content_length = rule.json_limit or MAX_BODY
    body = request.get_data()
    if not request.is_json:
        detail = "Send the body as JSON, with Content-Type: application/json."
        raise ProblemError(415, "media-type", detail)
    value = _parse(body)
    if not isinstance(value, dict):
        raise invalid([("body", "must be a JSON object")])


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8"
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:
        reason = str(error)
    raise ProblemError(400, "malformed", f"The body is not JSON: {reason}.")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
