"""People and organisations over the API: every way to reach them, own fields, tags, files."""

from __future__ import annotations

from tests.integration.api.world import World

_WHOLE = {
    "display_name": "Anna Nowak",
    "email": "anna@example.org",
    "phones": [{"number": "22 123 45 67", "shared": True, "opted_out": True}],
    "contact_points": [
        {"kind": "telegram", "value": "@anna"},
        {"kind": "email", "value": "second@example.org", "invalid": True},
    ],
    "addresses": [{"street": "Prosta 1", "city": "Gdynia", "country": "pl"}],
    "memberships": [{"organization": "Rada Portu", "role": "Adviser"}],
    "tags": ["fair", "Fair", "key account"],
    "status": "Active",
    "time_zone": "Europe/Warsaw",
    "preferences": {"channel": "sms", "call_from": "09:00"},
}


def test_a_whole_card_goes_in_and_comes_out(any_world: World) -> None:
    made = any_world.post("/customers", _WHOLE)
    assert made.status_code == 201, made.text
    card = any_world.get(made.headers["Location"]).json
    assert card["email"] == "anna@example.org"
    assert [(one["kind"], one["value"]) for one in card["contact_points"]] == [
        ("email", "anna@example.org"),
        ("email", "second@example.org"),
        ("telegram", "@anna"),
    ]
    assert card["phones"][0]["shared"]
    assert card["addresses"][0]["country"] == "PL"
    assert card["memberships"][0] | {"organization_id": 0} == {
        "organization_id": 0,
        "organization": "Rada Portu",
        "role": "Adviser",
    }
    assert [tag["name"] for tag in card["tags"]] == ["fair", "key account"]
    assert card["status"] == "active"
    assert card["preferences"]["call_from"] == "09:00"


def test_a_patch_changes_only_the_lists_it_names(world: World) -> None:
    made = world.post("/customers", _WHOLE).json
    path = f"/customers/{made['id']}"
    changed = world.patch(path, {"version": 1, "tags": [], "email": "new@example.org"}).json
    assert changed["tags"] == []
    assert changed["email"] == "new@example.org"
    assert len(changed["contact_points"]) == 3
    assert changed["addresses"] == made["addresses"]
    assert changed["version"] == 2


def test_a_shared_number_never_says_who_is_calling(world: World) -> None:
    world.post("/customers", _WHOLE)
    found = world.get("/customers/by-phone?number=%2B48221234567").json
    assert (found["match"], found["shared"], len(found["customers"])) == ("several", True, 1)


def test_a_switchboard_offers_the_people_behind_it(world: World) -> None:
    made = world.post(
        "/organizations",
        {"name": "Port", "phones": [{"number": "58 620 00 00", "label": "Reception"}]},
    )
    assert made.status_code == 201, made.text
    world.post("/customers", {"display_name": "Ewa", "organization": "port"})
    world.post("/customers", {"display_name": "Jan", "memberships": [{"organization": "PORT"}]})
    found = world.get("/customers/by-phone?number=%2B48586200000").json
    assert (found["match"], found["organization"]) == ("several", "Port")
    assert [one["display_name"] for one in found["customers"]] == ["Ewa", "Jan"]
    card = world.get(f"/organizations/{made.json['id']}")
    assert [one["display_name"] for one in card.json["members"]] == ["Ewa", "Jan"]
    changed = world.patch(
        f"/organizations/{made.json['id']}", {"version": 1, "phones": [], "city": "Gdynia"}
    )
    assert changed.json["phones"] == []
    late = world.patch(f"/organizations/{made.json['id']}", {"version": 1, "city": "Sopot"})
    assert late.status_code == 412
    assert world.get("/customers/by-phone?number=%2B48586200000").json["match"] == "none"


def test_an_own_field_takes_values_of_its_kind_and_says_what_is_wrong(world: World) -> None:
    field = world.post("/fields", {"kind": "money", "label": "Limit", "currency": "PLN"})
    assert field.status_code == 201, field.text
    world.post("/fields", {"kind": "date", "label": "Дата договора"})
    keys = [one["key"] for one in world.get("/fields?object=customer").json["items"]]
    assert keys == ["status", "segment", "limit", "data_dogovora"]
    told = {"limit": {"amount_minor": 124050, "currency": "PLN"}, "data_dogovora": "31.03.2026"}
    made = world.post("/customers", {"display_name": "Anna", "custom": told})
    assert made.json["custom"] == {**told, "data_dogovora": "2026-03-31"}
    path = f"/customers/{made.json['id']}"
    gone = world.patch(path, {"version": 1, "custom": {"limit": None}})
    assert gone.json["custom"] == {"data_dogovora": "2026-03-31"}
    for key, value in (("limit", "much"), ("data_dogovora", "31.02.2026"), ("nothing", "1")):
        refused = world.patch(path, {"version": 2, "custom": {key: value}})
        assert refused.status_code == 422
        assert refused.json["errors"][0]["field"] == f"custom.{key}"


def test_names_beyond_reason_and_letters_nobody_sees(world: World) -> None:
    refused = world.post("/customers", {"given_name": "N" * 10_000})
    assert refused.status_code == 422
    hidden = world.post("/customers", {"display_name": "\u202eAnna\u200b \u2066Nowak\u2069"})
    assert hidden.json["display_name"] == "Anna Nowak"
    arabic = world.post("/customers", {"display_name": "محمد العلي"})
    assert arabic.json["display_name"] == "محمد العلي"
    nothing = world.post("/customers", {"display_name": "\u200b\u200e"})
    assert nothing.status_code == 422


def test_a_consent_is_added_and_a_card_put_away(world: World) -> None:
    made = world.post("/customers", {"display_name": "Anna"}).json
    path = f"/customers/{made['id']}"
    told = {"channel": "sms", "given": True, "source": "contract", "at": "2026-01-02T10:00:00Z"}
    assert world.post(f"{path}/consents", told).status_code == 201
    assert world.get(f"{path}/consents").json["items"][0]["source"] == "contract"
    assert world.ask("DELETE", path).json == {"id": made["id"], "deleted": True}
    assert world.get(path).status_code == 404
