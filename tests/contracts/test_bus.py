"""What any bus promises, held against the in-process one and the one over Redis."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from callcenter.ports import Bus, PbxCommand
from callcenter.realtime.in_process import InProcessBus
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.redis_bus import RedisBus
from tests.support.servers import RedisServer
from tests.support.waiting import wait_until

MakeBus = Callable[..., Bus]


def message(number: int, text: str = "") -> Message:
    audience = Audience(users=(1, 2), roles=("supervisor",))
    return Message(kind="call", audience=audience, payload={"number": number, "text": text})


class Listener:
    """Keeps what a subscription says, and on which threads."""

    def __init__(self, bus: Bus) -> None:
        self.numbers: list[int] = []
        self.messages: list[Message] = []
        self.gaps = 0
        self.threads: set[int] = set()
        self.end = bus.subscribe(self._on_message, self._on_gap)

    def _on_message(self, one: Message) -> None:
        self.threads.add(threading.get_ident())
        self.messages.append(one)
        self.numbers.append(one.payload["number"])

    def _on_gap(self) -> None:
        self.threads.add(threading.get_ident())
        self.gaps += 1


@pytest.fixture(params=["in_process", "redis"])
def buses(request: pytest.FixtureRequest) -> Iterator[MakeBus]:
    """Makes ends of one bus: two processes' worth on Redis, the same object in process."""
    made: list[Bus] = []
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")

        def make(**sizes: int) -> Bus:
            made.append(RedisBus(url, **sizes))
            return made[-1]
    else:

        def make(**sizes: int) -> Bus:
            if not made:
                made.append(InProcessBus(**sizes))
            return made[0]

    yield make
    for bus in made:
        bus.close()


def test_every_subscriber_gets_every_message_in_the_order_published(buses: MakeBus) -> None:
    publisher, reader = buses(), buses()
    first, second = Listener(reader), Listener(reader)
    publisher.publish([message(number) for number in range(500)])
    publisher.publish([message(500)])
    wait_until(lambda: len(first.numbers) == len(second.numbers) == 501)
    assert first.numbers == second.numbers == list(range(501))
    assert first.gaps == second.gaps == 0
    assert len(first.threads) == 1


def test_a_message_arrives_as_it_was_sent(buses: MakeBus) -> None:
    bus = buses()
    listener = Listener(bus)
    bus.publish([message(1, "Żółć, Иванов, \u2028 and a NUL \0")])
    wait_until(lambda: listener.messages)
    assert listener.messages == [message(1, "Żółć, Иванов, \u2028 and a NUL \0")]


def test_an_ended_subscription_hears_nothing_more(buses: MakeBus) -> None:
    bus = buses()
    ended, staying = Listener(bus), Listener(bus)
    ended.end()
    bus.publish([message(1)])
    wait_until(lambda: staying.numbers)
    assert ended.numbers == []


def test_a_subscription_may_end_itself(buses: MakeBus) -> None:
    bus = buses()
    ends: list[Callable[[], None]] = []
    seen: list[Message] = []

    def once(one: Message) -> None:
        seen.append(one)
        ends[0]()

    ends.append(bus.subscribe(once, lambda: None))
    staying = Listener(bus)
    bus.publish([message(1), message(2)])
    wait_until(lambda: len(staying.numbers) == 2 and seen)  # each is told in a thread of its own
    assert len(seen) == 1


def test_a_handler_that_raises_loses_only_its_own_message(buses: MakeBus) -> None:
    bus = buses()
    seen: list[int] = []

    def handler(one: Message) -> None:
        if one.payload["number"] == 2:
            raise RuntimeError("a fault in a handler")
        seen.append(one.payload["number"])

    bus.subscribe(handler, lambda: None)
    bus.publish([message(1), message(2), message(3)])
    wait_until(lambda: seen == [1, 3])


def test_a_slow_subscriber_is_told_of_the_gap_and_delays_nobody(buses: MakeBus) -> None:
    bus = buses(mailbox_size=10)
    release, slow, gaps = threading.Event(), [], []

    def handler(one: Message) -> None:
        release.wait(30)
        slow.append(one.payload["number"])

    bus.subscribe(handler, lambda: gaps.append(1))
    quick = Listener(bus)
    for number in range(100):
        bus.publish([message(number)])
        wait_until(lambda number=number: number in quick.numbers)
    assert quick.gaps == 0
    release.set()
    wait_until(lambda: slow and slow[-1] == 99)
    assert gaps
    assert slow == sorted(slow)


def test_commands_reach_the_process_that_serves_them(buses: MakeBus) -> None:
    sender, server = buses(), buses()
    served: list[PbxCommand] = []
    server.serve_commands(served.append)
    command = PbxCommand(action="pause_member", endpoint="PJSIP/1001", arguments={"reason": "обед"})
    sender.command(command)
    wait_until(lambda: served)
    assert served == [command]


def test_publishing_to_nobody_is_no_fault(buses: MakeBus) -> None:
    bus = buses()
    bus.publish([message(1)])
    bus.publish([])
    bus.command(PbxCommand(action="hangup"))
    assert bus.check()[0]


def test_a_closed_bus_is_quiet(buses: MakeBus) -> None:
    bus = buses()
    listener = Listener(bus)
    bus.close()
    bus.publish([message(1)])
    bus.close()
    assert listener.numbers == []


class TestRedisAway:
    """What only a bus with a server between can suffer."""

    @pytest.fixture
    def ends(self, own_redis: RedisServer) -> Iterator[tuple[RedisBus, RedisBus]]:
        publisher, reader = RedisBus(own_redis.url), RedisBus(own_redis.url)
        yield publisher, reader
        publisher.close()
        reader.close()

    def test_a_restart_is_a_gap_and_then_messages_flow_again(
        self, own_redis: RedisServer, ends: tuple[RedisBus, RedisBus]
    ) -> None:
        publisher, reader = ends
        listener = Listener(reader)
        publisher.publish([message(1)])
        wait_until(lambda: listener.numbers == [1])
        own_redis.kill()
        wait_until(lambda: not publisher.check()[0])
        assert "does not answer" in publisher.check()[1]
        own_redis.start()
        wait_until(lambda: listener.gaps)
        publisher.publish([message(2)])
        wait_until(lambda: 2 in listener.numbers)
        assert publisher.check()[0]

    def test_what_was_published_while_it_was_away_arrives_or_is_a_gap(
        self, own_redis: RedisServer, ends: tuple[RedisBus, RedisBus]
    ) -> None:
        publisher, reader = ends
        listener = Listener(reader)
        own_redis.kill()
        publisher.publish([message(number) for number in range(1, 6)])
        own_redis.start()
        wait_until(lambda: listener.gaps or listener.numbers)
        publisher.publish([message(6)])
        wait_until(lambda: 6 in listener.numbers)
        assert listener.gaps
        assert listener.numbers == sorted(set(listener.numbers))

    def test_a_frozen_server_holds_nobody_up(
        self, own_redis: RedisServer, ends: tuple[RedisBus, RedisBus]
    ) -> None:
        publisher, reader = ends
        listener = Listener(reader)
        own_redis.freeze()
        publisher.publish([message(number) for number in range(100)])
        publisher.command(PbxCommand(action="hangup"))
        assert not publisher.check()[0]
        own_redis.thaw()
        wait_until(lambda: 99 in listener.numbers)

    def test_a_command_that_waited_too_long_is_not_carried_out(
        self, own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("callcenter.realtime.redis_bus._COMMAND_VALID_SECONDS", 0.0)
        bus = RedisBus(own_redis.url)
        served: list[PbxCommand] = []
        bus.serve_commands(served.append)
        bus.command(PbxCommand(action="originate"))
        monkeypatch.undo()
        bus.command(PbxCommand(action="hangup"))
        wait_until(lambda: served)
        bus.close()
        assert [command.action for command in served] == ["hangup"]

    def test_a_bus_may_start_before_its_server(self, own_redis: RedisServer) -> None:
        own_redis.kill()
        bus = RedisBus(own_redis.url)
        listener = Listener(bus)
        bus.publish([message(1)])
        own_redis.start()
        wait_until(lambda: listener.gaps)
        bus.publish([message(2)])
        wait_until(lambda: 2 in listener.numbers)
        bus.close()

    def test_a_full_queue_drops_the_oldest_and_the_subscriber_learns_of_it(
        self, own_redis: RedisServer
    ) -> None:
        publisher, reader = RedisBus(own_redis.url, queue_size=10), RedisBus(own_redis.url)
        listener = Listener(reader)
        own_redis.freeze()
        publisher.publish([message(number) for number in range(1_000)])
        own_redis.thaw()
        wait_until(lambda: 999 in listener.numbers)
        publisher.close()
        reader.close()
        assert listener.gaps
        assert len(listener.numbers) < 1_000

    def test_rubbish_on_the_channel_costs_nothing(
        self, own_redis: RedisServer, ends: tuple[RedisBus, RedisBus]
    ) -> None:
        publisher, reader = ends
        listener = Listener(reader)
        for rubbish in ("", "{", '{"p":1}', '{"p":"x","n":1,"b":"[]"}', "\udcff"):
            raw = rubbish.encode("utf-8", "surrogateescape")
            own_redis.execute("PUBLISH", "callcenter:0:messages", raw)  # type: ignore[arg-type]
        publisher.publish([message(1)])
        wait_until(lambda: listener.numbers == [1])
