"""Every page renders, in every language, and shows what it is for."""

from __future__ import annotations

import pytest

from tests.support.web import ONE, UNKNOWN, Browser, World
from web.access import public
from web.app import create_app

PAGES = [
    "/desk",
    "/desk/idle",
    "/customers",
    "/customers/new",
    "/interactions",
    "/live",
    "/users",
    "/users/new",
    "/pbx",
    "/admin/ledger",
    "/interactions/1/explain",
    "/profile",
    "/palette",
    "/palette?q=mar",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["en", "pl", "ru"])
def test_a_page_renders_in_a_language(admin: Browser, world: World, path: str, locale: str) -> None:
    world.ring(ONE)
    world.answer(by="1001")
    world.hang_up()
    admin.post("/profile", {"locale": locale, "time_zone": "Europe/Warsaw", "theme": "dark"})
    answer = admin.get(path)
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    if "<html" in text:
        assert f'<html lang="{locale}"' in text


def test_the_card_of_a_customer_shows_facts_money_and_every_contact(
    operator: Browser, world: World
) -> None:
    world.ring(ONE)
    world.answer()
    world.hang_up()
    card = f"/customers/{world.customers['Maria Kowalska']}"
    text = operator.text(card) + operator.text(f"{card}/timeline")
    for shown in (
        "Nowak Logistics",
        "22 123 45 67",
        "12 days overdue",
        "1182",
        "VIP 1",
        "Anna Nowak",
        "4:31",
    ):
        assert shown in text


def test_a_visit_inside_the_frame_gets_only_the_main_area(operator: Browser) -> None:
    text = operator.text("/customers", headers={"HX-Request": "true"})
    assert "Maria Kowalska" in text
    assert "<html" not in text
    assert "<title>Customers" in text


def test_going_back_in_history_gets_the_whole_page(operator: Browser) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in operator.text("/customers", headers=headers)


@pytest.mark.parametrize(
    "typed", ["kowal", "KOWALSKA", "22 123 45 67", "+48 22 123-45-67", "1234567"]
)
def test_a_customer_is_found_by_name_or_number_in_any_spelling(
    operator: Browser, typed: str
) -> None:
    text = operator.text(
        f"/customers?q={typed.replace('+', '%2B')}", headers={"HX-Target": "customer-rows"}
    )
    assert "Maria Kowalska" in text
    assert "Zofia" not in text


def test_an_unknown_caller_gives_a_filled_in_new_card(operator: Browser, world: World) -> None:
    world.ring(UNKNOWN, name="Somebody")
    text = operator.text("/desk/call/1")
    assert 'value="+79161234567"' in text
    assert "Russia" in text
    assert '<option value="ru" selected>' in text


def test_one_interaction_tells_who_took_part_and_why(operator: Browser, world: World) -> None:
    world.ring(ONE, to=["1001", "1002"])
    world.answer(by="1002")
    world.hang_up()
    text = operator.text("/interactions/1")
    for shown in (
        "Jan Lis",
        "Taken by someone else",
        "One customer has this number",
        "Maria Kowalska",
    ):
        assert shown in text


def test_the_list_of_interactions_keeps_its_filters_in_the_address(
    operator: Browser, world: World
) -> None:
    world.ring(ONE)
    world.answer()
    world.hang_up()
    world.ring(UNKNOWN, call_id="pbx/2")
    world.hang_up("pbx/2")
    assert "Maria Kowalska" in operator.text("/interactions?result=answered")
    assert "Maria Kowalska" not in operator.text("/interactions?result=missed")
    assert "Maria Kowalska" in operator.text("/interactions?phone=221234567")
    assert "not a number" in operator.text("/interactions?phone=hello")
    assert "not a date" in operator.text("/interactions?since=yesterday")


def test_a_new_customer_is_saved_and_a_wrong_one_comes_back_as_typed(operator: Browser) -> None:
    refused = operator.post(
        "/customers/new", {"display_name": "Ewa", "phone": "what", "phone_kind": "work"}
    )
    assert refused.status_code == 422
    assert 'value="what"' in refused.get_data(as_text=True)
    saved = operator.post(
        "/customers/new", {"display_name": "Ewa", "phone": "600 100 200", "phone_kind": "work"}
    )
    assert saved.status_code == 302
    assert "600 100 200" in operator.text(saved.location)


def test_a_fact_is_edited_where_it_stands_and_a_stale_edit_is_refused(
    operator: Browser, world: World
) -> None:
    path = f"/customers/{world.customers['Maria Kowalska']}/facts"
    assert 'name="value"' in operator.text(f"{path}?edit=city")
    first = operator.post(path, {"field": "city", "value": "Gdynia", "version": "1"})
    assert "Gdynia" in first.get_data(as_text=True)
    second = operator.post(path, {"field": "city", "value": "Sopot", "version": "1"})
    assert second.status_code == 422
    assert "Sopot" in second.get_data(as_text=True)


def test_a_note_is_saved_as_it_is_typed_one_for_each_author(
    operator: Browser, admin: Browser, world: World
) -> None:
    world.ring(ONE)
    for text in ("Wants", "Wants two trucks"):
        assert operator.post("/interactions/1/note", {"text": text}).status_code == 204
    admin.post("/interactions/1/note", {"text": "Seen"})
    shown = operator.text("/interactions/1")
    assert ">Wants two trucks</textarea>" in shown
    assert "Seen" in shown


def test_choosing_among_several_customers_links_the_call(operator: Browser, world: World) -> None:
    world.ring("+48225550101")
    zofia = world.customers["Zofia Zając"]
    assert operator.post("/interactions/1/customer", {"customer_id": zofia}).status_code == 204
    assert "Zofia Zając" in operator.text("/interactions/1")


def test_a_page_that_is_not_there_says_so_in_words(operator: Browser) -> None:
    answer = operator.get("/customers/999999")
    assert answer.status_code == 404
    assert "nothing at this address" in answer.get_data(as_text=True)


def test_a_surprise_is_told_in_words_and_shows_no_insides(world: World) -> None:
    app = create_app(world.runtime)
    app.view_functions["login.form"] = public(lambda: 1 / 0)
    answer = app.test_client().get("/login")
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert "went wrong on our side" in text
    assert "ZeroDivision" not in text


def test_an_empty_company_teaches_what_to_do(operator: Browser) -> None:
    assert "Switch your state to Ready" in operator.text("/desk")
    assert "Every call through the PBX" in operator.text("/interactions")
