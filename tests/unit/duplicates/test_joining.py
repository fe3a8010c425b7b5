"""What one card of two says."""

from __future__ import annotations

from callcenter.duplicates.joining import chosen_by_itself, joined, questions


def phone(number: str, **values: object) -> dict[str, object]:
    return {"e164": number, "extension": "", "is_primary": False, "opted_out": False, **values}


SURVIVOR = {"display_name": "Maria", "city": "", "remarks": "VIP", "phones": [phone("+481")]}
LOSER = {"display_name": "M. K.", "city": "Łódź", "remarks": "Calls late", "merged_into": 9}


def test_what_nobody_chose_is_the_survivors_unless_it_says_nothing() -> None:
    found = joined(SURVIVOR, LOSER, {})
    assert (found["display_name"], found["city"]) == ("Maria", "Łódź")
    assert found["remarks"] == "VIP\nCalls late"
    assert "merged_into" not in found


def test_each_field_is_as_chosen() -> None:
    found = joined(SURVIVOR, LOSER, {"display_name": "loser", "remarks": "survivor"})
    assert found["display_name"] == "M. K."
    assert found["remarks"] == "VIP"


def test_numbers_of_both_are_kept_once_with_one_main_one() -> None:
    mine = {"phones": [phone("+481", is_primary=True)]}
    theirs = {"phones": [phone("+481", opted_out=True), phone("+482", is_primary=True)]}
    one, two = joined(mine, theirs, {})["phones"]
    assert (one["e164"], one["is_primary"], one["opted_out"]) == ("+481", True, True)
    assert (two["e164"], two["is_primary"]) == ("+482", False)


def test_a_list_can_be_one_sides_alone() -> None:
    theirs = {"phones": [phone("+482")]}
    assert joined(SURVIVOR, theirs, {"phones": "survivor"})["phones"] == SURVIVOR["phones"]


def test_a_hold_of_either_holds() -> None:
    assert joined({}, {"legal_hold": "court"}, {"legal_hold": "survivor"})["legal_hold"] == "court"


def test_the_main_organisation_is_no_further_one_as_well() -> None:
    theirs = {"memberships": [{"organization_id": 5, "role": ""}]}
    assert "memberships" not in joined({"organization_id": 5}, theirs, {})


def test_only_fields_that_differ_are_asked_about() -> None:
    assert questions(SURVIVOR, {**SURVIVOR, "city": "Łódź"}) == ("city",)
    assert chosen_by_itself("city", "", "Łódź") == "loser"
    assert chosen_by_itself("phones", None, []) == "both"
