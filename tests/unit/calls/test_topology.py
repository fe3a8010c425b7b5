"""Reading channel names: which side, which device."""

import pytest

from callcenter.calls.topology import Topology, endpoint_of, is_bookkeeping, local_other_half


@pytest.mark.parametrize(
    ("channel", "endpoint"),
    [
        ("PJSIP/1001-0000002a", "PJSIP/1001"),
        ("SIP/trunk-out-00000001", "SIP/trunk-out"),
        ("Local/200@from-queue-00000007;2", "Local/200@from-queue"),
        ("DAHDI/i1/5551234-3", "DAHDI/i1/5551234"),
        ("IAX2/provider-4711", "IAX2/provider"),
    ],
)
def test_an_endpoint_is_the_channel_without_its_serial(channel: str, endpoint: str) -> None:
    assert endpoint_of(channel) == endpoint


@pytest.mark.parametrize("channel", ["Local/1@x-00000001;1", "Snoop/abc", "Recorder/ARI-1;1"])
def test_nobody_speaks_on_a_book_keeping_channel(channel: str) -> None:
    assert is_bookkeeping(channel)


def test_the_halves_of_a_local_channel_name_each_other() -> None:
    assert local_other_half("Local/1@x-00000001;1") == "Local/1@x-00000001;2"
    assert local_other_half("Local/1@x-00000001;2") == "Local/1@x-00000001;1"
    assert local_other_half("PJSIP/1001-00000001") == ""


@pytest.mark.parametrize(
    ("channel", "number", "context", "side"),
    [
        ("PJSIP/1001-00000001", "1001", "from-operators", "inside"),
        ("PJSIP/trunk-00000001", "+48221234567", "from-trunk", "outside"),
        ("SIP/alice-00000001", "204", "phones", "inside"),
        ("SIP/voipms-00000001", "79161234567", "default", "outside"),
        ("DAHDI/1-1", "", "from-pstn", "outside"),
        ("SIP/bob-00000001", "", "default", "unknown"),
    ],
)
def test_sides_are_judged_by_name_number_and_context(
    channel: str, number: str, context: str, side: str
) -> None:
    assert Topology().side(channel, number, context) == side


def test_what_is_configured_outranks_what_a_name_suggests() -> None:
    topology = Topology(trunks=("PJSIP/1001",), operators=frozenset({"SIP/trunk-desk"}))
    assert topology.side("PJSIP/1001-00000001", "1001", "phones") == "outside"
    assert topology.side("SIP/trunk-desk-00000001", "", "from-trunk") == "inside"
