"""Menus and prompts as they are heard, and lists of them for pages."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from callcenter.menus.menu import Menu, UnreadableMenu, menu_from_json
from callcenter.store.menu_rows import all_menus, all_prompts
from callcenter.store.tables import menu_versions, menus, prompt_files, prompts

__all__ = ["all_menus", "all_prompts", "live_menus", "menus_stamp", "prompts_stamp"]


def live_menus(connection: Connection) -> dict[str, Menu]:
    """By key. One that cannot be read is not there: its callers take the default route."""
    query = (
        select(menus.c.key, menu_versions.c.definition)
        .join(menu_versions, menu_versions.c.menu_id == menus.c.id)
        .where(menu_versions.c.state == "live", menus.c.deleted_at.is_(None))
    )
    live: dict[str, Menu] = {}
    for row in connection.execute(query):
        try:
            live[row.key] = menu_from_json(row.definition)
        except UnreadableMenu:
            continue
    return live


def menus_stamp(connection: Connection) -> str:
    """Another one after every publishing: one cheap statement."""
    found = connection.execute(
        select(
            select(func.max(menu_versions.c.published_at)).scalar_subquery(),
            select(func.count())
            .select_from(menu_versions)
            .where(menu_versions.c.state == "live")
            .scalar_subquery(),
        )
    ).one()
    return "/".join(str(one) for one in found)


def prompts_stamp(connection: Connection) -> str:
    found = connection.execute(
        select(
            select(func.max(prompts.c.updated_at)).scalar_subquery(),
            select(func.count()).select_from(prompts).scalar_subquery(),
            select(func.max(prompt_files.c.created_at)).scalar_subquery(),
            select(func.count()).select_from(prompt_files).scalar_subquery(),
        )
    ).one()
    return "/".join(str(one) for one in found)
