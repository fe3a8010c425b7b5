"""The difference of two documents, and the way back."""

from __future__ import annotations

from callcenter.history.change import action_of
from callcenter.history.document import applied, differences, replayed, reverted, rewound, undone

OLD = {"name": "Maria", "city": "Kraków", "phones": [{"e164": "+48221", "extension": ""}]}
NEW = {"name": "Maria", "city": "Łódź", "tags": ["vip"], "phones": OLD["phones"]}


def test_only_what_differs_is_a_change() -> None:
    assert differences(OLD, NEW) == {"city": ["Kraków", "Łódź"], "tags": [None, ["vip"]]}
    assert differences(OLD, dict(OLD)) == {}


def test_a_change_leads_there_and_back() -> None:
    change = differences(OLD, NEW)
    assert applied(OLD, change) == NEW
    assert reverted(NEW, change) == OLD


def test_all_changes_since_the_beginning_make_the_present() -> None:
    changes = [differences(None, OLD), differences(OLD, NEW), differences(NEW, OLD)]
    assert replayed(changes) == OLD
    assert rewound(OLD, reversed(changes[1:])) == OLD
    assert rewound(NEW, [changes[1]]) == OLD


def test_what_changed_again_since_is_left_alone_by_an_undo() -> None:
    change = differences(OLD, NEW)
    later = {**NEW, "city": "Gdynia"}
    found = undone(later, change)
    assert found.values == {"tags": None}
    assert found.kept == ("city",)


def test_an_undo_takes_items_of_a_list_back_one_by_one() -> None:
    one, two, three = ({"e164": number, "extension": ""} for number in ("+481", "+482", "+483"))
    change = differences({"phones": [one]}, {"phones": [one, two]})
    found = undone({"phones": [one, two, three]}, change)
    assert found.values == {"phones": [one, three]}
    assert found.kept == ()


def test_an_item_that_was_changed_since_is_kept() -> None:
    before = {"phones": []}
    mine = {"e164": "+481", "extension": "", "kind": "work"}
    change = differences(before, {"phones": [mine]})
    found = undone({"phones": [{**mine, "kind": "home"}]}, change)
    assert found.values == {}
    assert found.kept == ("phones",)


def test_what_a_change_is_called_follows_from_what_was_and_is() -> None:
    gone = {**OLD, "deleted": True}
    assert action_of(None, OLD) == "create"
    assert action_of(OLD, NEW) == "update"
    assert action_of(OLD, gone) == "delete"
    assert action_of(OLD, None) == "delete"
    assert action_of(gone, OLD) == "restore"
