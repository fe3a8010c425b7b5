"""People and organisations in the browser: the whole form, organisations with their switchboard,
own fields, consents, files, and cards that began by themselves."""

from __future__ import annotations

import io
import re

from tests.support.web import ONE, UNKNOWN, Browser, World

_ROWS = {
    "shown": ["more", "tags", "phones", "contacts", "addresses", "memberships", "custom"],
    "display_name": "Maria Kowalska",
    "rows.phones": ["0", "n1"],
    "phones.0.number": ONE,
    "phones.0.kind": "mobile",
    "phones.n1.number": "22 555 11 22",
    "phones.n1.kind": "work",
    "phones.n1.main": "yes",
    "phones.n1.shared": "yes",
    "rows.contacts": ["0", "1"],
    "contacts.0.kind": "email",
    "contacts.0.value": "maria@example.org",
    "contacts.1.kind": "telegram",
    "contacts.1.value": "@maria",
    "contacts.1.opted_out": "yes",
    "rows.addresses": ["0"],
    "addresses.0.kind": "billing",
    "addresses.0.street": "Prosta 1",
    "addresses.0.city": "Gdynia",
    "addresses.0.country": "pl",
    "rows.memberships": ["0"],
    "memberships.0.organization": "Rada Portu",
    "memberships.0.role": "Adviser",
    "tags": "spring fair, Spring Fair, key account",
    "status": "active",
    "time_zone": "Europe/Warsaw",
    "preferences.channel": "sms",
    "preferences.call_from": "09:00",
}


def test_the_whole_form_keeps_every_way_to_reach_somebody(operator: Browser, world: World) -> None:
    path = f"/customers/{world.customers['Maria Kowalska']}"
    answer = operator.post(f"{path}/edit", {**_ROWS, "version": "1"})
    assert answer.status_code == 302
    text = operator.text(path)
    for shown in (
        "22 555 11 22",
        "shared",
        "@maria",
        "Prosta 1",
        "Rada Portu",
        "Adviser",
        "spring fair",
        "key account",
        "Active",
        "A short message",
    ):
        assert shown in text
    form = operator.text(f"{path}/edit")
    assert 'name="phones.0.number"' in form
    assert re.search(r'name="phones\.0\.shared" value="yes" checked', form)  # the main one first
    assert "<template>" in form


def test_a_form_that_is_refused_comes_back_as_it_was_typed(operator: Browser, world: World) -> None:
    path = f"/customers/{world.customers['Maria Kowalska']}"
    bad = {**_ROWS, "contacts.0.value": "not a mail", "display_name": "M" * 10_000}
    answer = operator.post(f"{path}/edit", bad)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "At most 160 characters" in text
    answer = operator.post(f"{path}/edit", {**bad, "display_name": "Maria"})
    assert "not an e-mail address" in answer.get_data(as_text=True)
    assert "not a mail" in answer.get_data(as_text=True)
    assert "maria@example.org" in operator.text(path)


def test_an_organisation_shows_its_people_and_its_switchboard(
    operator: Browser, world: World
) -> None:
    answer = operator.post(
        "/organizations/new",
        {
            "name": "Port Gdynia",
            "tax_id": "586-000",
            "website": "port.example",
            "shown": ["switchboards"],
            "rows.switchboards": ["0"],
            "switchboards.0.number": "58 620 00 00",
            "switchboards.0.label": "Reception",
        },
    )
    assert answer.status_code == 302
    path = answer.headers["Location"]
    operator.post(
        f"/customers/{world.customers['Maria Kowalska']}/facts",
        {"field": "organization", "value": "port gdynia"},
    )
    text = operator.text(path)
    for shown in ("Port Gdynia", "58 620 00 00", "Reception", "https://port.example", "Maria"):
        assert shown in text
    assert "Port Gdynia" in operator.text("/organizations?q=gdyn")
    assert operator.get("/organizations/names?q=port").get_json() == {"names": ["Port Gdynia"]}
    refused = operator.post(f"{path}/edit", {"name": "", "version": "1"})
    assert refused.status_code == 422
    assert operator.post(f"{path}/delete", {}).status_code == 403


def test_a_field_of_ones_own_is_in_the_form_and_on_the_card(
    admin: Browser, operator: Browser, world: World
) -> None:
    made = admin.post(
        "/settings/fields/new",
        {
            "object": "customer",
            "kind": "choice",
            "label": "Язык договора",
            "choices": "Polski\nen = English",
        },
    )
    assert made.status_code == 302
    admin.post(
        "/settings/fields/new",
        {
            "object": "customer",
            "kind": "money",
            "label": "Limit",
            "currency": "PLN",
            "sensitive": "yes",
        },
    )
    assert "yazyk_dogovora" in admin.text("/settings/fields")
    path = f"/customers/{world.customers['Maria Kowalska']}"
    assert "Limit" not in operator.text(f"{path}/edit")  # its role does not write sensitive fields
    told = {"display_name": "Maria Kowalska", "shown": ["custom"], "custom.limit": "1 240,50"}
    assert admin.post(f"{path}/edit", {**told, "custom.yazyk_dogovora": "en"}).status_code == 302
    text = admin.text(path)
    assert "English" in text
    assert "1240.50" in admin.text(f"{path}/edit")
    assert "1,240.50" not in operator.text(path)
    refused = admin.post(f"{path}/edit", {**told, "custom.limit": "much"})
    assert refused.status_code == 422
    assert "number" in refused.get_data(as_text=True)
    assert operator.get("/settings/fields").status_code == 403


def test_tags_get_a_colour_and_go_from_everybody(admin: Browser, world: World) -> None:
    path = f"/customers/{world.customers['Maria Kowalska']}"
    admin.post(f"{path}/edit", {**_ROWS, "version": "1"})
    page = admin.text("/settings/fields")
    tag = re.search(
        r'action="(/settings/fields/tags/\d+)">(?:(?!</form>).)*key account', page, re.S
    )
    assert tag is not None
    admin.post(tag[1], {"name": "Key account", "tone": "green"})
    assert "tag-green" in admin.text(path)
    admin.post(tag[1], {"name": "Key account", "tone": "green", "remove": "yes"})
    assert "Key account" not in admin.text(path)


def test_a_consent_is_written_down_and_a_later_word_counts(operator: Browser, world: World) -> None:
    path = f"/customers/{world.customers['Maria Kowalska']}/consents"
    assert operator.post(path, {"channel": "sms", "given": "yes", "source": ""}).status_code == 422
    operator.post(
        path, {"channel": "sms", "given": "yes", "source": "paper form", "day": "2026-01-02"}
    )
    text = operator.post(path, {"channel": "sms", "given": "no", "source": "call"}).get_data(
        as_text=True
    )
    assert "refused" in text
    assert "paper form" in text


def test_a_file_goes_in_comes_out_as_an_attachment_and_is_put_away(
    operator: Browser, admin: Browser, world: World
) -> None:
    path = f"/customers/{world.customers['Maria Kowalska']}/files"
    content = b"<script>alert(1)</script>" * 10_000
    sent = operator.post(path, {"file": (io.BytesIO(content), "../../Umowa\u202e <1>.html")})
    text = sent.get_data(as_text=True)
    assert sent.status_code == 200
    link = re.search(r'href="(/files/(\d+))"', text)
    assert link is not None
    assert "Umowa _1_.html" in text
    taken = operator.get(link[1])
    assert taken.get_data() == content
    taken.close()
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert taken.mimetype == "application/octet-stream"
    assert operator.post(path, {"file": (io.BytesIO(b""), "empty.txt")}).status_code == 422
    assert operator.post(f"{path}/{link[2]}/delete", {}).status_code == 200
    assert operator.get(link[1]).status_code == 404
    admin.post(f"{path}/{link[2]}/restore", {})
    restored = operator.get(link[1])
    assert restored.status_code == 200
    restored.close()


def test_a_stranger_who_was_spoken_with_becomes_a_card_to_confirm(
    operator: Browser, world: World
) -> None:
    world.ring(UNKNOWN)
    world.answer()
    world.hang_up()
    page = operator.text("/customers/unconfirmed")
    made = re.search(r"/customers/unconfirmed/(\d+)/confirm", page)
    assert made is not None
    card = f"/customers/{made[1]}"
    assert "began by itself" in operator.text(card)
    operator.post(f"/customers/unconfirmed/{made[1]}/confirm", {})
    assert "began by itself" not in operator.text(card)
    assert "Nobody waits" in operator.text("/customers/unconfirmed")


def test_a_new_caller_is_said_to_be_somebody_we_know(operator: Browser, world: World) -> None:
    maria = world.customers["Maria Kowalska"]
    world.ring(UNKNOWN)
    world.answer()
    world.hang_up()
    page = operator.text("/customers/unconfirmed")
    made = re.search(r"/customers/unconfirmed/(\d+)/confirm", page)
    assert made is not None
    found = operator.text(f"/customers/unconfirmed/{made[1]}/known?q=kowal")
    assert "Maria Kowalska" in found
    linked = operator.post(f"/customers/unconfirmed/{made[1]}/link", {"known_id": str(maria)})
    assert linked.status_code == 302
    assert operator.get(f"/customers/{made[1]}").headers["Location"].endswith(f"/{maria}")
    assert "Nobody waits" in operator.text("/customers/unconfirmed")


def test_the_short_form_completes_the_card_that_began_by_itself(
    operator: Browser, world: World
) -> None:
    world.ring(UNKNOWN)
    world.answer()
    world.hang_up()
    page = operator.text("/customers/unconfirmed")
    made = re.search(r"/interactions/(\d+)", page)
    assert made is not None
    answer = operator.post(
        "/customers/new",
        {"interaction": made[1], "stay": "yes", "display_name": "Ewa Nowa", "phone": UNKNOWN},
    )
    assert answer.status_code == 204
    assert "Nobody waits" in operator.text("/customers/unconfirmed")
    assert operator.text("/customers?q=ewa").count('class="row-link"') == 1


def test_a_card_is_put_away_by_those_who_may(
    operator: Browser, supervisor: Browser, world: World
) -> None:
    path = f"/customers/{world.customers['Maria Kowalska']}"
    assert operator.post(f"{path}/delete", {}).status_code == 403
    assert supervisor.post(f"{path}/delete", {}).status_code == 302
    assert supervisor.get(path).status_code == 404


def test_whoever_called_first_is_told_once_by_the_number_as_people_dial_it(
    operator: Browser, world: World
) -> None:
    world.ring(UNKNOWN)
    world.answer()
    record = world.hang_up()
    with world.runtime.unit_of_work() as uow:
        contact = uow.interactions.identified([record.id])[record.id].id
    link = re.search(r"/customers/\d+(?=\">)", operator.text(f"/interactions/{contact}"))
    assert link is not None
    places = {  # where it stands → between what, and how often: the desk has two lists
        "/desk": ("<main", "</main>", 2),
        "/interactions": ("<tbody", "</tbody>", 1),
        f"/interactions/{contact}": ("<h1", "</dl>", 1),
        "/customers": ("<tbody", "</tbody>", 1),
        "/customers/unconfirmed": ("<main", "</main>", 1),
        link[0]: ("<h1", "</h1>", 1),
        "/palette?q=9161234567": ("<a ", "</a>", 1),
        "/palette/people?q=9161234567": ("<button ", "</button>", 1),
    }
    for path, (begin, end, often) in places.items():
        piece = operator.text(path).partition(begin)[2].partition(end)[0]
        seen = re.sub(r"<[^>]*>", " ", f"<{piece}")
        assert (seen.count("+7 916 123-45-67"), seen.count(UNKNOWN)) == (often, 0), (path, seen)
