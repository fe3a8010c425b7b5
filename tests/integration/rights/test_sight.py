"""What a role may not see is in no page, no answer, no file and no message."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from callcenter.customers.customer import CustomerChanges
from callcenter.exports.cells import Names, Sheet
from callcenter.imports.kinds import KINDS
from callcenter.rights.masking import mask_number
from callcenter.rights.objects import Access, Object
from callcenter.services.customers import update_customer
from tests.integration.rights.conftest import DIGITS, HERS, MAIL, NEW, Company
from tests.integration.rights.test_doors import doors, expected
from tests.support.waiting import wait_until
from tests.support.web import ONE, UNKNOWN
from web import hearing


def found_in_pages(company: Company, role: str, secrets: tuple[str, ...]) -> list[tuple[str, str]]:
    """Where one of these texts can be read, numbers however they are written."""
    found = []
    for endpoint, method, path, rule in doors(company):
        if method != "GET" or expected(company, role, endpoint, rule) is not None:
            continue
        text = company.ask(role, method, path).get_data(as_text=True)
        bare = text.replace(" ", "").replace("\u00a0", "").replace("-", "")
        found += [(path, one) for one in secrets if one in text or one.replace(" ", "") in bare]
    return found


def test_masked_numbers_and_mails_leave_the_server_masked(company: Company) -> None:
    assert found_in_pages(company, "admin", (DIGITS,)) != []
    assert found_in_pages(company, "masked", (DIGITS, MAIL)) == []


def test_a_number_in_the_place_of_a_name_leaves_the_server_masked(company: Company) -> None:
    """Whoever called first and told no name is called by their number."""
    assert found_in_pages(company, "admin", (NEW,)) != []
    assert found_in_pages(company, "masked", (NEW,)) == []


def test_a_masked_name_that_is_sent_back_changes_nothing(company: Company) -> None:
    runtime = company.world.runtime
    with runtime.unit_of_work() as uow:
        (new,) = uow.customers.find_ids_by_number(UNKNOWN)
        version = uow.customers.version(new.id)
    update_customer(
        new.id,
        CustomerChanges(fields={"display_name": mask_number(UNKNOWN), "city": "Kazan"}),
        version=version,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        plan=runtime.settings.number_plan,
        user_id=company.viewers["masked"].user_id,
    )
    with runtime.unit_of_work() as uow:
        after = uow.customers.get(new.id)
    assert after is not None
    assert (after.display_name, after.city) == (UNKNOWN, "Kazan")


def test_a_number_in_the_place_of_a_name_is_masked_in_files_and_messages(company: Company) -> None:
    viewer = company.viewers["masked"]
    told = {"customer": {"id": 1, "display_name": UNKNOWN, "phones": [UNKNOWN]}}
    assert NEW not in json.dumps(hearing.masked(viewer, told))
    sheet = Sheet(KINDS["customers"], ("display_name", "phones"), viewer, "customer")
    document = {"display_name": UNKNOWN, "phones": [{"e164": UNKNOWN}]}
    assert NEW not in "".join(sheet.cells(1, document, Names()))


@pytest.mark.parametrize("role", ["own", "none"])
def test_a_colleagues_customer_is_nowhere(company: Company, role: str) -> None:
    assert found_in_pages(company, role, (HERS, DIGITS, MAIL)) == []


@pytest.mark.parametrize("query", ["maria", "+48 22 123 45 67", "4567", "example.org"])
@pytest.mark.parametrize("role", ["own", "none"])
def test_nobody_is_found_who_may_not_be_seen(company: Company, role: str, query: str) -> None:
    for path in (f"/palette?q={query}", f"/palette/people?q={query}", f"/customers?q={query}"):
        assert HERS not in company.ask(role, "GET", path).get_data(as_text=True)
    answer = company.ask(role, "GET", f"/api/v1/customers?q={query}")
    assert HERS not in answer.get_data(as_text=True)


def test_nobody_learns_by_asking_what_they_may_not_see(company: Company) -> None:
    with company.world.runtime.unit_of_work() as uow:
        role = uow.rights.role(company.viewers["masked"].role)
        assert role is not None
        hidden: dict[tuple[Object, str], Access] = {
            ("customer", "vip_level"): "hidden",
            ("customer", "owner_id"): "hidden",
            ("account", "amounts"): "hidden",
        }
        uow.rights.save_role(replace(role, fields={**role.fields, **hidden}))
        uow.commit()
    for asked in ("vip=true", "owner_id=1", "debtor=true", "sort=-lifetime", "q=maria&vip=false"):
        answer = company.ask("masked", "GET", f"/api/v1/customers?{asked}")
        assert answer.status_code == 422, asked
    for status in ("", "vip", "debtor"):
        page = company.ask("masked", "GET", f"/customers?status={status}")
        assert HERS in page.get_data(as_text=True), status
    with company.world.runtime.unit_of_work() as uow:
        uow.rights.save_role(role)
        uow.commit()


def test_a_masked_value_is_shown_on_request_and_dialled_unseen(company: Company) -> None:
    customer_id = company.ids["customer_id"]
    card = company.ask("masked", "GET", f"/customers/{customer_id}").get_data(as_text=True)
    assert "phone/" in card
    reference = f"customer/{customer_id}/0"
    shown = company.post("masked", "/reveal", reference=reference)
    assert DIGITS in shown.get_data(as_text=True).replace(" ", "")
    dialled = company.post("masked", "/phone/dial", number=reference)
    assert dialled.json == {"number": "", "through_pbx": True}
    for role in ("own", "none"):
        assert company.post(role, "/reveal", reference=reference).status_code == 404


def test_no_socket_hears_what_its_user_may_not_know(company: Company) -> None:
    company.heard.clear()
    company.world.ring(ONE, to=("1002",), call_id="pbx/77")
    wait_until(lambda: any(one.kind == "screen_pop" for one in company.heard), words="a pop")
    for role in ("own", "none", "masked"):
        for message in list(company.heard):
            told = hearing.heard(company.viewers[role], message)
            text = json.dumps(told.payload if told else {}, ensure_ascii=False)
            assert (ONE in text) == (role == "own" and message.kind == "screen_pop"), message
    company.world.hang_up("pbx/77")
