"""Files taken in and given out over the API."""

from __future__ import annotations

import json
from typing import Any

from callcenter import file_jobs
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.services import import_run
from tests.integration.api.world import World

FILE = "Kto;Numer;Miasto\nAnna Lis;601 000 001;Łódź\nJan Bąk;zły;Łódź\n".encode("cp1250")
BYTES: dict[str, Any] = {"content_type": "application/octet-stream"}
COLUMNS = {"Kto": "display_name", "Numer": "phones", "Miasto": "city"}


def send(world: World, data: bytes, query: str = "") -> Any:
    return world.ask("POST", f"/imports?name=a.csv{query}", "supervisor", data=data, **BYTES)


def work(world: World) -> None:
    runtime = world.runtime
    while import_run.advance(file_jobs.desk_of(runtime), runtime.bus):
        pass
    while file_jobs.make_exports(runtime):
        pass


def test_a_file_is_sent_corrected_begun_and_taken_back(world: World) -> None:
    sent = send(world, FILE)
    assert sent.status_code == 201, sent.text
    told = sent.json
    assert (told["encoding"], told["delimiter"], told["state"]) == ("cp1250", ";", "draft")
    place = f"/imports/{told['id']}"

    changed = world.patch(place, {"columns": COLUMNS}, role="supervisor")
    assert changed.json["columns"] == COLUMNS
    assert world.post(f"{place}/start", {}, role="supervisor").json["state"] == "queued"
    work(world)
    done = world.get(place, role="supervisor").json
    assert (done["state"], done["created"], done["failed"]) == ("done", 1, 1)
    errors = world.get(f"{place}/errors", role="supervisor").json["items"]
    assert [(one["line"], one["problems"][0]["column"]) for one in errors] == [(3, "Numer")]

    assert world.post(f"{place}/undo", {}, role="supervisor").status_code == 200
    work(world)
    assert world.get(place, role="supervisor").json["state"] == "undone"


def test_a_known_file_is_taken_in_one_request(world: World) -> None:
    sent = send(world, b"First Name,Mobile Phone\nAnna,601000001\n", "&begin=import")
    assert sent.json["state"] == "queued"
    work(world)
    assert world.get(f"/imports/{sent.json['id']}", role="supervisor").json["created"] == 1


def test_what_is_no_table_is_refused_in_words(world: World) -> None:
    assert send(world, b"%PDF-1.7 ...").status_code == 422
    assert send(world, b"").status_code == 422
    named = send(world, b"a,b\n1,2\n", "&begin=import")
    assert named.status_code == 422
    assert "columns" in json.dumps(named.json)


def test_a_file_of_five_gigabytes_is_refused_by_its_length(world: World) -> None:
    length = {"CONTENT_LENGTH": str(5 * 1024**3)}
    refused = world.ask(
        "POST", "/imports", "supervisor", data=b"a", environ_overrides=length, **BYTES
    )
    assert refused.status_code == 413


def test_operators_import_and_export_nothing(world: World) -> None:
    refused = world.ask("POST", "/imports", "operator", data=FILE, **BYTES)
    assert refused.status_code == 403
    assert world.post("/exports", {}, role="operator").status_code == 403


def test_a_table_is_asked_for_made_and_fetched(world: World) -> None:
    world.add_customer("Anna Nowak", "+48221234567")
    asked = world.post("/exports", {"columns": ["display_name", "phones"]}, role="supervisor")
    assert asked.status_code == 201, asked.text
    place = f"/exports/{asked.json['id']}"
    assert world.get(f"{place}/content", role="supervisor").status_code == 409
    work(world)
    assert world.get(place, role="supervisor").json["state"] == "done"
    with world.get(f"{place}/content", role="supervisor") as fetched:
        text = fetched.get_data().decode("utf-8-sig")
    assert text.splitlines() == ["Full name,Phones", "Anna Nowak,'+48221234567"]
    assert world.get(place, role="operator").status_code == 403


def test_a_table_goes_to_nobody_whose_rights_reach_less_far_than_those_it_was_made_with(
    world: World,
) -> None:
    world.add_customer("Anna Nowak", "+48221234567")
    asked = world.post("/exports", {"columns": ["display_name", "phones"]}, role="supervisor")
    content = f"/exports/{asked.json['id']}/content"
    work(world)
    with world.get(content, role="supervisor") as fetched:
        assert fetched.status_code == 200
    plain = BUILTIN["supervisor"]
    fields = {**plain.fields, ("customer", "phones"): "masked"}
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_role(Policy("narrow", "supervisor", "Narrow", plain.scopes, fields))  # type: ignore[arg-type]
        uow.users.update(world.users["supervisor"], {"role_code": "narrow"})
        uow.commit()
    assert world.get(content, role="supervisor").status_code == 403
    with world.get(content, role="admin") as fetched:
        assert fetched.status_code == 200
