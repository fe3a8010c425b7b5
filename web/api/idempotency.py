"""`Idempotency-Key` on POSTs: the answer of the first request is given again to its repeats."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request

from callcenter.accounts.idempotency import Done
from callcenter.errors import Unavailable
from callcenter.services import idempotency as service
from web.api.context import the_caller, the_runtime
from web.api.problem_handlers import to_problem
from web.api.problems import invalid

F = TypeVar("F", bound=Callable[..., Any])
HEADER = service.FIELD
_FORM = re.compile(r"[\x21-\x7e]{1,255}")


def idempotent(function: F) -> F:
    """Wraps a POST's function; does nothing for a request without the header."""

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return _run(function, args, kwargs)
        if not _FORM.fullmatch(key):
            raise invalid([(HEADER, "must be 1 to 255 visible ASCII characters")])
        return _run_once(key, lambda: _run(function, args, kwargs))

    return wrapper  # type: ignore[return-value]


def _run(function: Callable[..., Any], args: Any, kwargs: Any) -> Response:
    response = function(*args, **kwargs)
    assert isinstance(response, Response)  # noqa: S101 (operations answer through answers.answer)
    return response


def _run_once(key: str, work: Callable[[], Response]) -> Response:
    runtime, user_id = the_runtime(), the_caller().user_id
    done = service.claim_key(runtime.unit_of_work, runtime.clock, user_id, key, _fingerprint())
    if done is not None:
        return _again(done)
    try:
        response = work()
    except Exception as error:
        if isinstance(error, Unavailable) or to_problem(error).status < 500:
            service.release_key(runtime.unit_of_work, user_id, key)
        raise
    body = response.get_data(as_text=True)
    service.keep_answer(runtime.unit_of_work, user_id, key, response.status_code, body)
    return response


def _again(done: Done) -> Response:
    headers = {"Idempotency-Replayed": "true"}
    return Response(done.body, done.status, mimetype="application/json", headers=headers)


def _fingerprint() -> str:
    whole = b"\n".join((request.method.encode(), request.full_path.encode(), request.get_data()))
    return hashlib.sha256(whole).hexdigest()
