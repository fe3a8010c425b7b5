"""Numbers that no database keeps, in addresses and forms: they lead nowhere, and break nothing."""

from __future__ import annotations

from tests.support.web import Browser

HUGE = 10**30
ADDRESSES = (
    "/interactions/{}",
    "/customers/{}",
    "/tasks/{}",
    "/desk/call/{}",
    "/recordings/{}",
    "/recordings/1/{}",
    "/line/{}",
    "/missed/{}/history",
    "/deals/of/{}",
    "/outcomes/desk/{}",
    "/scripts/desk/{}",
)


def test_an_address_with_a_number_too_large_leads_nowhere(supervisor: Browser) -> None:
    answers = {address: supervisor.get(address.format(HUGE)) for address in ADDRESSES}
    assert {address for address, one in answers.items() if one.status_code != 404} == set()
    assert supervisor.get(f"/tasks/{2**63 - 1}").status_code == 404


def test_a_number_too_large_in_a_form_is_as_if_it_were_not_there(supervisor: Browser) -> None:
    assert supervisor.get(f"/tasks/desk?customer={HUGE}").status_code == 200
    assert supervisor.get(f"/tasks/new?customer_id={HUGE}").status_code == 200
    assert supervisor.post("/line/1/read", {"up_to": HUGE}).status_code == 400
    assert supervisor.post("/line/write", {"text": "hi", "to_user": HUGE}).status_code == 403


def test_a_moment_before_there_was_a_calendar_is_none(operator: Browser) -> None:
    for until in ("0001-01-01T00:00:00+14:00", "2026-03-02T12:00:00", "soon"):
        assert operator.post("/desk/missed/seen", {"until": until}).status_code == 422
