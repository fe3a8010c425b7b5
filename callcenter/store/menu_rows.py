"""Rows of menus and prompts as what they mean."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from callcenter.menus.stored import MenuVersion, StoredMenu
from callcenter.speech.prompts import Prompt, SoundFile
from callcenter.store.tables import menu_versions, menus, prompt_files, prompts


def all_menus(connection: Connection) -> tuple[StoredMenu, ...]:
    shown = menu_versions.c.state.in_(("draft", "live"))
    versions: dict[int, dict[str, MenuVersion]] = {}
    for row in connection.execute(select(menu_versions).where(shown)):
        versions.setdefault(row.menu_id, {})[row.state] = version_of(row)
    query = select(menus).where(menus.c.deleted_at.is_(None)).order_by(menus.c.title, menus.c.id)
    return tuple(
        StoredMenu(id=row.id, key=row.key, title=row.title, **versions.get(row.id, {}))
        for row in connection.execute(query)
    )


def version_of(row: Row[Any]) -> MenuVersion:
    return MenuVersion(
        id=row.id,
        number=row.number,
        state=row.state,
        definition=row.definition,
        created_at=row.created_at,
        created_by=row.created_by,
        published_at=row.published_at,
        published_by=row.published_by,
    )


def all_prompts(connection: Connection) -> dict[str, Prompt]:
    files: dict[int, dict[str, SoundFile]] = {}
    for row in connection.execute(select(prompt_files)):
        file = SoundFile(source=row.source, stored_as=row.stored_as, seconds=row.seconds)
        files.setdefault(row.prompt_id, {})[row.locale] = file
    return {
        row.key: Prompt(key=row.key, title=row.title, texts=row.texts, files=files.get(row.id, {}))
        for row in connection.execute(select(prompts).order_by(prompts.c.key))
    }
