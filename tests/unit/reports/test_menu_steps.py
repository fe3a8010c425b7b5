"""Where callers stood in voice menus, worked out from the ways that they took."""

from __future__ import annotations

from callcenter.queries.menu_paths import MenuPath, Step, steps


def test_each_menu_says_who_came_what_they_chose_and_who_left() -> None:
    #       keys          calls answered hung up
    ways = [
        MenuPath(("1",), 5, 2, 3),
        MenuPath(("1", "2"), 4, 3, 1),
        MenuPath(("1", "9"), 1, 0, 1),
        MenuPath(("3",), 2, 2, 0),
    ]
    assert steps(ways) == [
        Step((), 12, (("1", 10), ("3", 2)), 0, 0),
        Step(("1",), 10, (("2", 4), ("9", 1)), 3, 2),
        Step(("1", "2"), 4, (), 1, 3),
        Step(("3",), 2, (), 0, 2),
        Step(("1", "9"), 1, (), 1, 0),
    ]
    assert steps([]) == []
