"""The ledger of a PBX on another machine, piece by piece: nothing twice, nothing missing."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.integration.api.world import NOW, World

PLACE = "/ledger/office"


@pytest.fixture
def any_world(any_world: World) -> World:
    with any_world.runtime.unit_of_work() as uow:
        uow.pbx_links.set("office", "up", "", NOW)
        uow.commit()
    return any_world


def send(world: World, offset: int, data: bytes, file: str = "f1", role: str = "admin") -> Any:
    query = f"file_id={file}&offset={offset}&path=/var/log/cel.csv"
    return world.ask(
        "POST", f"{PLACE}?{query}", role, data=data, content_type="application/octet-stream"
    )


def inbox(world: World) -> bytes:
    with world.runtime.unit_of_work() as uow:
        return b"".join(chunk.data for chunk in uow.ledger.inbox("office", 0, 1000))


def test_a_forwarder_learns_where_to_go_on(any_world: World) -> None:
    assert any_world.get(PLACE).json == {"file_id": "", "offset": 0}
    assert send(any_world, 0, b"hello").json == {"offset": 5}
    assert any_world.get(PLACE).json == {"file_id": "f1", "offset": 5}


def test_the_same_piece_again_changes_nothing(any_world: World) -> None:
    for _ in range(3):
        assert send(any_world, 0, b"hello").json == {"offset": 5}
    assert send(any_world, 3, b"lo, you").json == {"offset": 10}
    assert send(any_world, 0, b"he").json == {"offset": 10}
    assert inbox(any_world) == b"hello, you"


def test_a_gap_is_refused_and_says_where_to_go_on(any_world: World) -> None:
    send(any_world, 0, b"hello")
    refused = send(any_world, 100, b"later")
    assert refused.status_code == 409
    assert refused.json["offset"] == 5
    assert refused.json["type"] == "urn:callcenter:problem:gap"
    assert inbox(any_world) == b"hello"


def test_a_new_file_begins_anew(any_world: World) -> None:
    send(any_world, 0, b"old")
    assert send(any_world, 0, b"new one", file="f2").json == {"offset": 7}
    assert any_world.get(PLACE).json == {"file_id": "f2", "offset": 7}


def test_bytes_of_any_kind_arrive_as_they_are_whatever_the_order_of_the_pieces(
    any_world: World,
) -> None:
    dice = random.Random(7)
    whole = bytes(dice.randrange(256) for _ in range(5000))
    while True:
        start = dice.randrange(len(whole))
        answer = send(any_world, start, whole[start : start + dice.randrange(1, 900)])
        assert answer.status_code in (200, 409)
        if answer.json["offset"] == len(whole):
            break
        here = answer.json["offset"]
        send(any_world, here, whole[here : here + 300])
    assert inbox(any_world) == whole


def test_what_cannot_be_a_piece_is_refused_in_words(world: World) -> None:
    assert send(world, 0, b"x").status_code == 404
    with world.runtime.unit_of_work() as uow:
        uow.pbx_links.set("office", "up", "", NOW)
        uow.commit()
    assert send(world, 0, b"x" * (1024 * 1024 + 1)).status_code == 413
    assert send(world, 0, b"x" * (1024 * 1024)).status_code == 200
    assert send(world, -1, b"x").status_code == 422
    assert world.ask("POST", PLACE, data=b"x").status_code == 422
    assert send(world, 0, b"x", role="supervisor").status_code == 403


def test_an_unknown_pbx_is_not_found(world: World) -> None:
    answer = world.get("/ledger/nowhere")
    assert answer.status_code == 404
    assert "nowhere" in answer.json["detail"]
