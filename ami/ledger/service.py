"""Which ledgers this process reads, put together from the settings."""

from __future__ import annotations

from ami.ledger.fold import GRACE_SECONDS
from ami.ledger.reader import LedgerReader, SourceReader
from ami.ledger.settling import OrderedSettler, Settler
from ami.ledger.sources import FileSource, InboxSource, Source
from ami.writer import OrderedWriter
from callcenter.calls.topology import Topology
from callcenter.runtime import Runtime
from callcenter.services.call_identity import CallMemory

INBOX_POLL_SECONDS = 1.0


def ledger_readers(
    runtime: Runtime, writer: OrderedWriter, memory: CallMemory, *, grace: float = GRACE_SECONDS
) -> dict[str, LedgerReader]:
    """PBX → its reader. Every PBX has an inbox; a file where CEL_PATH names one.

    `memory` is the live writer's: both write the same calls, in turn.
    """
    settings = runtime.settings
    topology = Topology(trunks=settings.trunks, internal_numbers=settings.internal_numbers)
    settler = OrderedSettler(Settler(runtime, topology, memory), writer)
    readers = {}
    for pbx in settings.pbx_names:
        sources: list[Source] = [InboxSource(pbx, runtime.unit_of_work)]
        path = settings.ledger_file(pbx)
        if path is not None:
            sources.append(FileSource(str(path)))
        readers[pbx] = LedgerReader(
            [
                SourceReader(runtime, pbx, source, settler, grace=grace, poll=_poll(source))
                for source in sources
            ]
        )
    return readers


def _poll(source: Source) -> float:
    return INBOX_POLL_SECONDS if source.kind == "inbox" else 0.5
