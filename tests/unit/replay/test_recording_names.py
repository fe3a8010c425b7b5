"""Who a record means when it names a channel alone."""

from __future__ import annotations

from ami.recording_names import with_uniqueids
from callcenter.calls.signals import ChannelSeen, HungUp, Signal, Transferred


def transfer(**others: str) -> Transferred:
    return Transferred(uniqueid="1.1", channel="SIP/201-1", kind="attended", **others)  # type: ignore[arg-type]


def test_a_channel_named_alone_is_found_among_the_others() -> None:
    seen = ChannelSeen(uniqueid="1.3", channel="SIP/201-3")
    found = with_uniqueids([seen, transfer(second_channel="SIP/201-3")])[1]
    assert isinstance(found, Transferred)
    assert found.second_uniqueid == "1.3"


def test_the_last_who_bore_the_name_before_counts() -> None:
    items: list[Signal | str] = [
        ChannelSeen(uniqueid="1.2", channel="SIP/202-2"),
        HungUp(uniqueid="1.2", channel="SIP/202-2"),
        ChannelSeen(uniqueid="2.2", channel="SIP/202-2"),
        transfer(target_channel="SIP/202-2"),
        ChannelSeen(uniqueid="3.2", channel="SIP/202-2"),
    ]
    found = with_uniqueids(items)[3]
    assert isinstance(found, Transferred)
    assert found.target_uniqueid == "2.2"


def test_what_is_told_and_what_nobody_bears_stay_as_they_are() -> None:
    items = [transfer(second_channel="SIP/9-9", target_channel="x", target_uniqueid="7.7")]
    assert list(with_uniqueids(items)) == items


def test_a_name_on_another_pbx_is_another_channel() -> None:
    seen = ChannelSeen(uniqueid="1.3", channel="SIP/201-3", pbx="north")
    items = [seen, transfer(second_channel="SIP/201-3")]
    assert list(with_uniqueids(items)) == items
