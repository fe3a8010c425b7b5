"""Which channels are one call: union-find over Uniqueids and Linkedids.

A Linkedid names a call thread for a while, not for ever: it changes when calls meet in a bridge.
So it is an edge here, never a key. Merging relabels the smaller side, which keeps look-ups O(1).
"""

from __future__ import annotations

from callcenter.calls.facts import CallFacts, ChannelFacts


class CallGroups:
    """Calls by any node (uniqueid or linkedid) that ever led to them."""

    def __init__(self) -> None:
        self._by_node: dict[str, CallFacts] = {}

    def __len__(self) -> int:
        return len(self._by_node)

    def find(self, node: str) -> CallFacts | None:
        return self._by_node.get(node)

    def channel(self, uniqueid: str) -> ChannelFacts | None:
        call = self._by_node.get(uniqueid)
        return call.channels.get(uniqueid) if call else None

    def calls(self) -> list[CallFacts]:
        """Every call known, oldest first."""
        return list({id(call): call for call in self._by_node.values()}.values())

    def place(self, node: str) -> CallFacts:
        """The call of this node, a new one if nobody knows it."""
        call = self._by_node.get(node)
        if call is None:
            call = self._by_node[node] = CallFacts(nodes={node})
        return call

    def join(self, one: str, other: str) -> tuple[CallFacts, CallFacts | None]:
        """Make both nodes one call. Returns it, and the call that was absorbed, if two met."""
        first, second = self._by_node.get(one), self._by_node.get(other)
        if first is None and second is None:
            first = self.place(one)
        if first is None or second is None:
            call = first if first is not None else second
            assert call is not None  # noqa: S101 - one of the two exists by now
            self._adopt(call, one)
            self._adopt(call, other)
            return call, None
        if first is second:
            return first, None
        kept, gone = (first, second) if len(first.nodes) >= len(second.nodes) else (second, first)
        kept.absorb(gone)
        for node in gone.nodes:
            self._by_node[node] = kept
        return kept, gone

    def release(self, node: str) -> None:
        """The node leads to its call no more."""
        call = self._by_node.pop(node, None)
        if call is not None:
            call.nodes.discard(node)

    def forget(self, call: CallFacts) -> None:
        for node in call.nodes:
            self._by_node.pop(node, None)

    def _adopt(self, call: CallFacts, node: str) -> None:
        call.nodes.add(node)
        self._by_node[node] = call
