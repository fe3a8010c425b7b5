"""What the pages and the programming interface need for files: the folder, the limit, the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from flask import Request

from callcenter.file_jobs import desk_of
from callcenter.runtime import Runtime

_ROOM_AROUND = 1024**2
_PIECE = 256 * 1024


def allow_upload(request: Request, runtime: Runtime) -> None:
    """Before anything reads the body: this request alone may be as large as a file."""
    request.max_content_length = desk_of(runtime).limit + _ROOM_AROUND


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(_PIECE), b"")


def plan_values(form: Mapping[str, str], match_by: list[str], width: int) -> dict[str, Any]:
    """The plan as its form says it; what the form does not name stays."""
    plain = ("encoding", "delimiter", "quote", "sheet", "region", "currency", "on_match")
    values: dict[str, Any] = {name: form[name] for name in plain if name in form}
    places = range(width)
    if "with_columns" in form:
        values |= {
            "columns": {n: form[f"col-{n}"] for n in places if form.get(f"col-{n}")},
            "styles": {n: form[f"style-{n}"] for n in places if form.get(f"style-{n}")},
            "marks": {n: form[f"mark-{n}"] for n in places if form.get(f"mark-{n}")},
            "match_by": match_by,
            "create": form.get("create") == "yes",
            "has_header": form.get("has_header") == "yes",
        }
    return values
