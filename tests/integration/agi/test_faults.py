"""Whatever goes wrong around a decision, that caller gets the default route, and no other."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from agi_scripts.connection import Connection
from agi_scripts.lookup import THREADS
from agi_scripts.session import AgiSession
from agi_scripts.variables import ALWAYS
from tests.support.agi import Caller, ask, caller, head
from tests.support.waiting import wait_until

GARBAGE = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n",
    b"\xff" * 9000,
    b"x" * 1_000_000,
    b"agi_calleridname: " + b"x" * 1_000_000 + b"\n\n",
    b"agi_a: b\n" * 10_000,
    b"\n\n\n",
]


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_look_up_that_hangs_ends_in_the_default_route_at_the_deadline(agi, look_up, kept):
    before = counted("callcenter_agi_failed_open_total", cause="deadline")
    look_up.freeze()
    variables = ask(agi.port)  # comes back while the look-up still hangs
    assert tuple(variables) == ALWAYS
    assert tuple(variables.values()) == ("", "0", "", "failed-open", "")
    assert counted("callcenter_agi_failed_open_total", cause="deadline") == before + 1
    wait_until(lambda: kept.records)
    assert kept.records[0].failed_open


def test_with_every_look_up_stuck_callers_do_not_wait_and_a_thaw_mends_it(agi, look_up):
    look_up.freeze()
    with ThreadPoolExecutor(THREADS) as callers:
        routes = [one["CRM_ROUTE"] for one in callers.map(lambda _: ask(agi.port), range(THREADS))]
    while agi.health()[0]:  # those who came together are looked up together, by one thread
        routes.append(ask(agi.port)["CRM_ROUTE"])
    assert set(routes) == {""}
    before = counted("callcenter_agi_failed_open_total", cause="database-stuck")
    asked = len(look_up.asked)
    assert ask(agi.port)["CRM_REASON"] == "failed-open"
    assert len(look_up.asked) == asked
    assert counted("callcenter_agi_failed_open_total", cause="database-stuck") == before + 1
    look_up.thaw()
    wait_until(lambda: agi.health()[0])
    assert ask(agi.port)["CRM_ROUTE"] == "queue-vip"


def test_a_look_up_that_fails_ends_in_the_default_route_and_is_logged_once(
    agi, look_up, monkeypatch
):
    def fail(_timeout):
        raise OSError("password=secret")

    monkeypatch.setattr(look_up.thawed, "wait", fail)
    with capture_logs() as logs:
        assert [ask(agi.port)["CRM_REASON"] for _ in range(5)] == ["failed-open"] * 5
    assert [one["event"] for one in logs] == ["agi.failed_open"]
    assert "secret" not in repr(logs)


def test_callers_beyond_the_limit_get_the_default_route_at_once(start_agi, look_up):
    service = start_agi(sessions=2)
    look_up.freeze()
    with caller(service.port), caller(service.port):
        wait_until(lambda: "2 sessions" in service.health()[1])
        before = counted("callcenter_agi_failed_open_total", cause="busy")
        assert ask(service.port)["CRM_ROUTE"] == ""
        assert counted("callcenter_agi_failed_open_total", cause="busy") == before + 1


def test_callers_who_come_together_are_looked_up_together(start_agi, look_up, monkeypatch):
    service, reads = start_agi(), []
    read = service._gathered._read
    monkeypatch.setattr(
        service._gathered, "_read", lambda some: reads.append(len(some)) or read(some)
    )
    look_up.freeze()
    numbers = [f"+48601000{n:03}" for n in range(20)]
    with ThreadPoolExecutor(len(numbers)) as callers:
        asked = [callers.submit(ask, service.port, callerid=number) for number in numbers]
        wait_until(lambda: "20 sessions" in service.health()[1])
        look_up.thaw()
        assert [one.result()["CRM_ROUTE"] for one in asked] == ["queue-vip"] * 20
    assert sorted(look_up.asked) == numbers
    assert len(reads) < len(numbers)


def test_one_caller_who_cannot_be_read_takes_nobody_else_along(start_agi, look_up, monkeypatch):
    def read(numbers):
        if "+48601000003" in numbers:
            raise ValueError("a row that nobody understands")
        return {number: look_up(number) for number in numbers}

    service = start_agi()
    monkeypatch.setattr(service._gathered, "_read", read)
    numbers = [f"+48601000{n:03}" for n in range(8)]
    with ThreadPoolExecutor(len(numbers)) as callers:
        told = list(callers.map(lambda number: ask(service.port, callerid=number), numbers))
    assert [one["CRM_REASON"] for one in told].count("failed-open") == 1
    assert told[3]["CRM_REASON"] == "failed-open"


def test_connections_beyond_the_limit_are_closed(start_agi):
    service = start_agi(connections=3)
    with ExitStack() as stack:
        *_, fourth = [stack.enter_context(Caller(service.port)) for _ in range(4)]
        assert fourth.read() == ""
    wait_until(lambda: ask(service.port).get("CRM_ROUTE") == "queue-vip")


@pytest.mark.parametrize("data", GARBAGE, ids=lambda data: repr(data[:12]))
def test_garbage_ends_its_own_connection_and_no_other(agi, data):
    with caller(agi.port) as other, Caller(agi.port) as one:
        try:
            one.send(data)
        except ConnectionError:
            pass
        else:
            assert one.read() == ""
        assert other.answer_all()["CRM_ROUTE"] == "queue-vip"


@pytest.mark.parametrize(
    "data", [b"nonsense\n", b"200 result=1\n" * 3, b"x" * 1_000_000, b"520-a\n" * 500]
)
def test_garbage_for_a_reply_ends_its_own_session(agi, data):
    with caller(agi.port) as one:
        one.read()
        with suppress(ConnectionError):
            one.send(data)
        one.answer_all()
        assert "CRM_ROUTE" not in one.variables
    assert ask(agi.port)["CRM_ROUTE"] == "queue-vip"


def test_a_flood_of_garbage_is_counted_and_logged_once(agi):
    before = counted("callcenter_agi_garbage_total", reason="not-agi")
    with capture_logs() as logs:
        for _ in range(50):
            with Caller(agi.port) as one:
                one.send(b"GET /secret HTTP/1.1\r\n\r\n")
                one.read()
    assert [one["event"] for one in logs] == ["agi.peer_refused"]
    assert "secret" not in repr(logs)
    assert counted("callcenter_agi_garbage_total", reason="not-agi") == before + 50


def test_a_peer_that_stops_in_its_request_is_cut_off(start_agi):
    service = start_agi(head_seconds=0.2)
    with Caller(service.port) as silent, Caller(service.port) as slow:
        slow.send(head()[:50])
        assert slow.read() == ""
        assert silent.read() == ""
    wait_until(lambda: service.health()[1].endswith(" 0 sessions"))


def test_a_peer_that_never_replies_is_cut_off(agi):
    with caller(agi.port) as one:
        assert one.read().startswith("EXEC MSet")
        assert one.read() == ""  # ended by the session's limit, not by us
    wait_until(lambda: agi.health()[1].endswith(" 0 sessions"))


def test_a_peer_that_closes_at_any_point_costs_nothing(agi):
    request = head()
    for cut in (0, 1, 30, len(request) - 1, len(request)):
        for _ in range(20):
            with Caller(agi.port) as one:
                one.send(request[:cut])
    assert ask(agi.port)["CRM_ROUTE"] == "queue-vip"
    wait_until(lambda: agi.health()[1].endswith(" 0 sessions"))


def test_thousands_of_sessions_leave_nothing_behind(agi):
    with ThreadPoolExecutor(8) as callers:
        routes = list(callers.map(lambda _: ask(agi.port)["CRM_ROUTE"], range(2000)))
    assert routes == ["queue-vip"] * 2000
    wait_until(lambda: counted("callcenter_agi_open_connections") == 0)
    assert counted("callcenter_agi_active_sessions") == 0
    gc.collect()
    left = [one for one in gc.get_objects() if isinstance(one, (Connection, AgiSession))]
    assert len(left) <= 1


def test_a_database_that_is_away_loses_records_not_callers(agi, kept):
    before = counted("callcenter_agi_unrecorded_total", cause="database")
    kept.broken = True
    assert ask(agi.port)["CRM_ROUTE"] == "queue-vip"
    wait_until(lambda: counted("callcenter_agi_unrecorded_total", cause="database") == before + 1)
    kept.broken = False
    ask(agi.port)
    wait_until(lambda: kept.records)


def test_nothing_that_a_caller_sent_is_logged(agi):
    with capture_logs() as logs:
        ask(agi.port, callerid="+48601999888", calleridname="Eve", dnid="4111111111111111")
        ask(agi.port, script="4111111111111111\x1b[2J", callerid="+48601999888")
    assert "48601999888" not in repr(logs)
    assert "Eve" not in repr(logs)
    assert "\x1b" not in repr(logs)


def test_stopping_lets_a_session_end_and_cuts_off_one_that_does_not(start_agi, look_up):
    service = start_agi()
    with caller(service.port) as good, caller(service.port) as bad:
        assert "CRM_ROUTE=queue-vip" in good.read()
        assert bad.read().startswith("EXEC MSet")
        stopping = threading.Thread(target=service.stop, args=(3.0,))
        stopping.start()
        good.send(b"200 result=1\n")
        assert good.read() == ""
        assert bad.read() == ""
        stopping.join(20)
    assert not stopping.is_alive()
