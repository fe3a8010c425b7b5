"""/ledger: where a forwarder beside a PBX on another machine sends the channel event log."""

from __future__ import annotations

from flask import Response

from callcenter.queries import ledger as queries
from callcenter.services import evidence
from web.api.answers import answer
from web.api.context import the_runtime
from web.api.operation import ADMINS, area, operation
from web.api.problems import ProblemError, not_found
from web.api.shapes import ledger as shapes

api = area("ledger", "/ledger", "A PBX's own record of its calls, as a forwarder sends it.")
LARGEST = 1024 * 1024


@operation(
    api, "get", "/<pbx>", shapes.LedgerPosition, roles=ADMINS, scope="ledger"
)  # fmt: skip
def get_ledger_position(path: shapes.LedgerPath) -> Response:
    """How far the ledger of a PBX has come here

    A forwarder asks once, when it starts, and sends from there. It keeps no state of its own.
    """
    with the_runtime().reader() as connection:
        _must_be_known(path.pbx, queries.known_pbxs(connection))
        file = queries.received(connection, path.pbx)
    here = {"file_id": file.file_id, "offset": file.received_to} if file is not None else _NOTHING
    return answer(shapes.LedgerPosition, here)


@operation(
    api, "post", "/<pbx>", shapes.LedgerOffset, roles=ADMINS, scope="ledger", raw_limit=LARGEST
)
def send_ledger(
    path: shapes.LedgerPath, query: shapes.LedgerPiece, raw: shapes.LedgerBytes
) -> Response:
    """Take a piece of a PBX's ledger

    The body is bytes of the file from `offset` on, at most 1 MB. Sending them again changes
    nothing. When bytes before `offset` are missing, the answer is 409 and its member `offset`
    says where to go on.
    """
    runtime = the_runtime()
    with runtime.reader() as connection:
        _must_be_known(path.pbx, queries.known_pbxs(connection))
    received = evidence.receive_ledger(
        path.pbx,
        file_id=query.file_id,
        path=query.path,
        offset=query.offset,
        data=raw.get_data(),
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    if not received.taken:
        detail = f"Bytes before {query.offset} are missing here; send from {received.offset}."
        raise ProblemError(409, "gap", detail, extra={"offset": received.offset})
    return answer(shapes.LedgerOffset, {"offset": received.offset})


_NOTHING = {"file_id": "", "offset": 0}


def _must_be_known(pbx: str, reported: frozenset[str]) -> None:
    """Configured here, or by the process that listens to it."""
    if pbx not in reported and pbx not in the_runtime().settings.pbx_names:
        raise not_found(f"PBX {pbx[:80]}")
