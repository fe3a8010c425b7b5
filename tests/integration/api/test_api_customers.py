"""Cards over the API: found in any spelling, changed only by whoever saw the newest version."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.api.world import World


def test_a_customer_made_over_the_api_is_read_back_as_it_was_written(any_world: World) -> None:
    made = any_world.post(
        "/customers",
        {
            "given_name": "Анна",
            "family_name": "Новак",
            "organization": "Zażółć sp. z o.o.",
            "vip_level": 2,
            "phones": [{"number": "22 123 45 67", "kind": "work", "is_primary": True}],
        },
    )
    assert made.status_code == 201, made.text
    read = any_world.get(made.headers["Location"])
    assert read.json == made.json
    assert read.headers["ETag"] == '"1"'
    assert read.json["phones"] == [
        {
            "e164": "+48221234567",
            "extension": "",
            "kind": "work",
            "is_primary": True,
            "raw": "22 123 45 67",
            "invalid": False,
            "opted_out": False,
            "shared": False,
        }
    ]
    assert read.json["organization"]["name"] == "Zażółć sp. z o.o."
    assert read.json["created_at"].endswith("Z")


@pytest.mark.parametrize(
    "spelling",
    [
        "%2B48221234567",
        "+48221234567",
        "48221234567",
        "0048221234567",
        "22%20123%2045%2067",
        "(22)123-45-67",
        "tel:%2B48221234567",
    ],
)
def test_who_calls_knows_the_number_in_any_spelling(world: World, spelling: str) -> None:
    customer = world.add_customer("Anna Nowak", "+48221234567")
    answer = world.get(f"/customers/by-phone?number={spelling}").json
    assert answer["number"] == "+48221234567"
    assert answer["match"] == "one"
    assert [one["id"] for one in answer["customers"]] == [customer]


@pytest.mark.parametrize(
    ("number", "match"),
    [("anonymous", "withheld"), ("1001", "internal"), ("%2B48229999999", "none")],
)
def test_who_calls_says_why_nobody_matches(world: World, number: str, match: str) -> None:
    answer = world.get(f"/customers/by-phone?number={number}").json
    assert (answer["match"], answer["customers"]) == (match, [])


def test_two_people_on_one_number_are_both_named(world: World) -> None:
    both = {world.add_customer(name, "+48221234567") for name in ("Anna", "Bogdan")}
    answer = world.get("/customers/by-phone?number=%2B48221234567").json
    assert answer["match"] == "several"
    assert {one["id"] for one in answer["customers"]} == both


@pytest.mark.parametrize("text", ["новак", "НОВАК", "Новак", "+48 22 123-45-67", "221234567"])
def test_search_finds_by_name_in_any_case_and_by_number(any_world: World, text: str) -> None:
    wanted = any_world.add_customer("Анна Новак", "+48221234567")
    any_world.add_customer("Jan Kowalski", "+48225550000")
    found = any_world.get("/customers", query_string={"q": text}).json["items"]
    assert [one["id"] for one in found] == [wanted]


def test_filters_keep_only_what_was_asked_for(any_world: World) -> None:
    vip = any_world.add_customer("Vip", vip_level=1)
    blocked = any_world.add_customer("Blocked", blocked=True, block_reason="abuse")
    ids = lambda path: [one["id"] for one in any_world.get(path).json["items"]]  # noqa: E731
    assert ids("/customers?vip=true") == [vip]
    assert ids("/customers?blocked=true") == [blocked]
    assert set(ids("/customers")) == {vip, blocked}


def test_a_page_shows_each_row_once_though_rows_are_added_meanwhile(any_world: World) -> None:
    before = [any_world.add_customer(f"Person {n:02}") for n in range(7)]
    seen: list[int] = []
    cursor = None
    while True:
        query = {"limit": "3", **({"cursor": cursor} if cursor else {})}
        page = any_world.get("/customers", query_string=query).json
        seen += [one["id"] for one in page["items"]]
        any_world.add_customer(f"AAA newcomer {len(seen)}")
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert set(before) <= set(seen)


def test_a_change_needs_the_version_it_changes(world: World) -> None:
    customer = world.add_customer("Anna")
    refused = world.patch(f"/customers/{customer}", {"city": "Łódź"})
    assert refused.status_code == 428
    changed = world.patch(f"/customers/{customer}", {"city": "Łódź"}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert (changed.json["city"], changed.headers["ETag"]) == ("Łódź", '"2"')
    assert changed.json["display_name"] == "Anna"
    late = world.patch(f"/customers/{customer}", {"city": "Kraków"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.headers["ETag"]) == (412, '"2"')
    same = world.patch(f"/customers/{customer}", {"city": "Kraków", "version": 1})
    assert same.status_code == 412


def test_of_two_changes_at_once_one_is_refused(any_world: World) -> None:
    customer = any_world.add_customer("Anna")

    def change(city: str) -> int:
        client = any_world.app.test_client()
        return client.patch(
            f"/api/v1/customers/{customer}",
            json={"city": city, "version": 1},
            headers={"Authorization": f"Bearer {any_world.tokens['admin']}"},
        ).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(change, ["A", "B", "C", "D"]))
    assert answers[0] == 200
    assert set(answers[1:]) == {412}
    assert any_world.get(f"/customers/{customer}").json["version"] == 2


def test_a_patch_replaces_numbers_only_when_it_names_them(world: World) -> None:
    customer = world.add_customer("Anna", "+48221234567")
    kept = world.patch(f"/customers/{customer}", {"city": "Gdynia", "version": 1}).json
    assert [phone["e164"] for phone in kept["phones"]] == ["+48221234567"]
    body = {"phones": [{"number": "+7 495 123-45-67"}], "version": 2}
    replaced = world.patch(f"/customers/{customer}", body).json
    assert [phone["e164"] for phone in replaced["phones"]] == ["+74951234567"]


def test_the_timeline_is_the_customers_own_contacts_newest_first(any_world: World) -> None:
    customer = any_world.add_customer("Anna", "+48221234567")
    _, first = any_world.add_call("+48221234567")
    _, second = any_world.add_call("+48221234567")
    any_world.add_call("+48229999999")
    page = any_world.get(f"/customers/{customer}/timeline").json
    assert [one["id"] for one in page["items"]] == [second, first]


def test_a_customer_that_does_not_exist_is_said_not_to(world: World) -> None:
    for path in ("/customers/999", "/customers/999/timeline"):
        answer = world.get(path)
        assert answer.status_code == 404
        assert answer.json["type"] == "urn:callcenter:problem:not-found"
