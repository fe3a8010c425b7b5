"""Which version of a thing a request means to change: `If-Match`, or `version` in its body."""

from __future__ import annotations

import re

from flask import request

from web.api.problems import ProblemError, invalid


def wanted_version(stored: int, in_body: int | None) -> int:
    """The stored version, if it is the one that the caller has seen; the write checks once more."""
    if_match = request.headers.get("If-Match", "").strip()
    if not if_match and in_body is None:
        detail = f'Name the version you change: If-Match: "{stored}", or version in the body.'
        raise ProblemError(428, "version-required", detail)
    wanted = {int(tag) for tag in re.findall(r'"(\d{1,10})"', if_match)}
    if if_match and if_match != "*" and not wanted:
        raise invalid([("If-Match", 'must be an ETag that this API gave out, such as "3"')])
    if if_match == "*":
        wanted = {stored}
    if in_body is not None:
        wanted = {in_body} if not wanted else wanted & {in_body}
    if stored not in wanted:
        raise version_mismatch(stored)
    return stored


def version_mismatch(stored: int) -> ProblemError:
    detail = f"Somebody changed it meanwhile: it is now at version {stored}. Read it again."
    return ProblemError(412, "version-mismatch", detail, headers={"ETag": f'"{stored}"'})
