"""Menus and rules that are live in a test's product."""

from __future__ import annotations

from collections.abc import Sequence

from callcenter.menus.menu import Menu
from callcenter.routing.rules import Rule, rules_to_json
from callcenter.runtime import Runtime
from callcenter.services.menus import MenuDesk
from callcenter.store.tables import routing_versions


def publish_menu(runtime: Runtime, key: str, menu: Menu) -> None:
    desk = MenuDesk(runtime.unit_of_work, runtime.clock)
    desk.create(key, key.title())
    desk.edit(key, lambda _: menu)
    desk.publish(key)


def publish_rules(runtime: Runtime, rules: Sequence[Rule]) -> None:
    """These alone."""
    at = runtime.clock.now()
    with runtime.unit_of_work() as uow:
        connection = uow.connection  # type: ignore[attr-defined]
        connection.execute(
            routing_versions.update().where(routing_versions.c.state == "live").values(state="past")
        )
        connection.execute(
            routing_versions.insert().values(
                number=99, state="live", rules=rules_to_json(rules), created_at=at, published_at=at
            )
        )
        uow.commit()
