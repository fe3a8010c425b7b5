"""/healthz, /readyz, /metrics: what each check says, in words, quickly, to whom."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from callcenter.settings import PbxAddress
from tests.integration.api.world import NOW, World, make_app
from tests.support.waiting import wait_until
from web.health import BoundedCheck, Finding

SECRET = "pbx-secret-1234"


def ready(world: World, **changes: Any) -> tuple[int, dict[str, dict[str, Any]]]:
    """(status, check by name) of /readyz with the runtime changed."""
    answer = make_app(replace(world.runtime, **changes)).test_client().get("/readyz")
    assert answer.json["status"] == ("ready" if answer.status_code == 200 else "not ready")
    return answer.status_code, {check["name"]: check for check in answer.json["checks"]}


def set_link(world: World, state: str, detail: str = "", *, age: float = 0.0) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.pbx_links.set("hq", state, detail, NOW - timedelta(seconds=age), "22.10.1")
        uow.commit()


def with_pbx(world: World) -> dict[str, Any]:
    address = PbxAddress("hq", "10.0.0.5", 5038, "callcenter", SECRET)
    return {"settings": replace(world.runtime.settings, ami=(address,))}


def test_a_process_that_is_up_says_so(world: World) -> None:
    answer = world.client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_all_well_is_ready(any_world: World) -> None:
    set_link(any_world, "up")
    status, checks = ready(any_world, **with_pbx(any_world))
    assert status == 200, checks
    assert set(checks) == {"database", "pbx hq", "bus"}
    assert all(check["ok"] and check["words"] for check in checks.values())


def test_each_state_of_a_pbx_is_told(world: World) -> None:
    status, checks = ready(world, **with_pbx(world))
    assert (status, checks["pbx hq"]["ok"]) == (503, False)
    assert "no listener" in checks["pbx hq"]["words"]
    set_link(world, "refused", "wrong password")
    status, checks = ready(world, **with_pbx(world))
    assert (status, checks["pbx hq"]["words"]) == (503, "refused: wrong password")
    set_link(world, "up", age=600)
    status, checks = ready(world, **with_pbx(world))
    assert status == 503
    assert "600 s ago" in checks["pbx hq"]["words"]


def test_a_web_process_without_ami_url_reports_what_listeners_tell(world: World) -> None:
    set_link(world, "down", "no route to host")
    status, checks = ready(world)
    assert (status, checks["pbx hq"]["ok"]) == (503, False)


def test_an_unmigrated_database_says_what_to_do(world: World, empty_sqlite_url: str) -> None:
    from callcenter import bootstrap

    fresh = bootstrap.build(replace(world.runtime.settings, database_url=empty_sqlite_url))
    status, checks = ready(world, reader=fresh.reader)
    fresh.close()
    assert status == 503
    assert "callcenter db upgrade" in checks["database"]["words"]


def test_a_database_that_is_away_is_told_without_its_address(world: World) -> None:
    from callcenter import bootstrap

    url = "postgresql://crm:hunter2@127.0.0.1:1/crm"
    gone = bootstrap.build(replace(world.runtime.settings, database_url=url))
    status, checks = ready(world, reader=gone.reader)
    gone.close()
    assert (status, checks["database"]["ok"]) == (503, False)
    assert "hunter2" not in str(checks)


def test_a_frozen_database_is_reported_and_collects_one_thread(world: World) -> None:
    thawed = threading.Event()

    @contextmanager
    def frozen() -> Iterator[Any]:
        thawed.wait(60)
        yield None

    client = make_app(replace(world.runtime, reader=frozen)).test_client()
    before = threading.active_count()
    answers = [client.get("/readyz") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {503}
    assert "no answer within" in answers[0].json["checks"][0]["words"]
    assert threading.active_count() <= before + 1
    thawed.set()


def test_a_postgresql_that_stands_still_is_a_quick_503(
    world: World, postgres_server: Any, postgres_url: str
) -> None:
    from callcenter import bootstrap

    runtime = bootstrap.build(replace(world.runtime.settings, database_url=postgres_url))
    client = make_app(replace(world.runtime, reader=runtime.reader)).test_client()
    postgres_server.freeze()
    try:
        frozen = client.get("/readyz")
    finally:
        postgres_server.thaw()
    assert frozen.status_code == 503
    assert "no answer within" in frozen.json["checks"][0]["words"]
    wait_until(lambda: client.get("/readyz").status_code == 200)
    runtime.close()


def test_a_check_that_came_back_is_asked_again() -> None:
    found = iter([(Finding("x", False, "bad"),), (Finding("x", True, "good"),)])
    check = BoundedCheck("x", lambda: next(found))
    assert [check.findings()[0].ok for _ in range(2)] == [False, True]


def test_a_bus_that_is_away_is_told(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(type(world.runtime.bus), "check", lambda _self: (False, "Redis is away"))
    status, checks = ready(world)
    assert (status, checks["bus"]["words"]) == (503, "Redis is away")


def test_no_probe_tells_a_secret(world: World) -> None:
    set_link(world, "refused", "the PBX refused the log-in")
    client = make_app(replace(world.runtime, **with_pbx(world))).test_client()
    for path in ("/healthz", "/readyz", "/metrics"):
        text = client.get(path).text
        assert SECRET not in text
        assert "10.0.0.5" not in text


def test_metrics_count_requests_by_route_and_never_by_path(world: World) -> None:
    customer = world.add_customer("Anna", "+48221234567")
    world.get(f"/customers/{customer}")
    world.get("/customers/by-phone?number=%2B48221234567")
    text = world.client.get("/metrics").text
    assert 'route="/api/v1/customers/<customer_id>"' in text
    assert "48221234567" not in text
    assert "callcenter_db_connections_in_use" in text
    assert "callcenter_sockets_connected" in text


def test_metrics_are_for_this_machine_or_an_administrators_token(world: World) -> None:
    away = {"REMOTE_ADDR": "192.0.2.7"}
    ask = world.client.get
    assert ask("/metrics").status_code == 200
    assert ask("/metrics", environ_base=away).status_code == 401
    assert ask("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 401
    for role, status in (("operator", 403), ("supervisor", 403), ("admin", 200)):
        header = {"Authorization": f"Bearer {world.tokens[role]}"}
        assert ask("/metrics", environ_base=away, headers=header).status_code == status
