"""Keeps voice menus and their versions, prompts and their sounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from callcenter.errors import Conflict, NotFound
from callcenter.menus.stored import MenuVersion, StoredMenu
from callcenter.ports.menus import AskedRecording
from callcenter.speech.prompts import Prompt, SoundFile
from callcenter.store.menu_rows import all_menus, all_prompts, version_of
from callcenter.store.repositories.base import insert
from callcenter.store.tables import (
    menu_versions,
    menus,
    prompt_files,
    prompt_recordings,
    prompts,
)
from callcenter.store.text import storable_json


class MenuRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[StoredMenu, ...]:
        return all_menus(self._connection)

    def get(self, key: str) -> StoredMenu | None:
        return next((one for one in self.all() if one.key == key), None)

    def add(self, key: str, title: str, at: datetime) -> int:
        """A menu that was removed leaves its key to the next."""
        values = {"title": title, "created_at": at, "deleted_at": None}
        query = insert(self._connection, menus).values(key=key, **values)
        query = query.on_conflict_do_update(
            index_elements=["key"], set_=values, where=menus.c.deleted_at.is_not(None)
        )
        made = self._connection.scalar(query.returning(menus.c.id))
        if made is None:
            raise Conflict("key", "there is a menu of that key already")
        return int(made)

    def rename(self, menu_id: int, title: str) -> None:
        self._connection.execute(update(menus).where(menus.c.id == menu_id).values(title=title))

    def remove(self, menu_id: int, at: datetime) -> None:
        self.drop_draft(menu_id)
        of_menu = menu_versions.c.menu_id == menu_id
        self._connection.execute(
            update(menu_versions)
            .where(of_menu, menu_versions.c.state == "live")
            .values(state="past")
        )
        self._connection.execute(update(menus).where(menus.c.id == menu_id).values(deleted_at=at))

    def versions(self, menu_id: int) -> tuple[MenuVersion, ...]:
        query = (
            select(menu_versions)
            .where(menu_versions.c.menu_id == menu_id)
            .order_by(menu_versions.c.number.desc())
            .limit(100)
        )
        return tuple(version_of(row) for row in self._connection.execute(query))

    def save_draft(
        self, menu_id: int, definition: Mapping[str, Any], *, user_id: int | None, at: datetime
    ) -> None:
        told = storable_json(dict(definition))
        mine = (menu_versions.c.menu_id == menu_id, menu_versions.c.state == "draft")
        changed = self._connection.execute(
            update(menu_versions).where(*mine).values(definition=told)
        )
        if changed.rowcount:
            return
        last = select(func.max(menu_versions.c.number)).where(menu_versions.c.menu_id == menu_id)
        number = (self._connection.scalar(last) or 0) + 1
        self._connection.execute(
            menu_versions.insert().values(
                menu_id=menu_id,
                number=number,
                state="draft",
                definition=told,
                created_by=user_id,
                created_at=at,
            )
        )

    def drop_draft(self, menu_id: int) -> None:
        self._connection.execute(
            delete(menu_versions).where(
                menu_versions.c.menu_id == menu_id, menu_versions.c.state == "draft"
            )
        )

    def publish(self, menu_id: int, *, user_id: int | None, at: datetime) -> int:
        of_menu = menu_versions.c.menu_id == menu_id
        self._connection.execute(
            update(menu_versions)
            .where(of_menu, menu_versions.c.state == "live")
            .values(state="past")
        )
        number = self._connection.scalar(
            update(menu_versions)
            .where(of_menu, menu_versions.c.state == "draft")
            .values(state="live", published_by=user_id, published_at=at)
            .returning(menu_versions.c.number)
        )
        if number is None:
            raise NotFound("menu", "there is nothing to publish")
        return int(number)


class PromptRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, Prompt]:
        return all_prompts(self._connection)

    def save(self, prompt: Prompt, at: datetime) -> None:
        values = {
            "title": prompt.title,
            "texts": storable_json(dict(prompt.texts)),
            "updated_at": at,
        }
        query = insert(self._connection, prompts).values(key=prompt.key, **values)
        self._connection.execute(query.on_conflict_do_update(index_elements=["key"], set_=values))

    def remove(self, key: str) -> None:
        prompt_id = self._id_of(key)
        for table in (prompt_files, prompt_recordings):
            self._connection.execute(delete(table).where(table.c.prompt_id == prompt_id))
        self._connection.execute(delete(prompts).where(prompts.c.id == prompt_id))

    def set_file(
        self, key: str, locale: str, file: SoundFile, sha256: str, *, user_id: int, at: datetime
    ) -> None:
        values = {
            "source": file.source,
            "stored_as": file.stored_as,
            "seconds": file.seconds,
            "sha256": sha256,
            "user_id": user_id,
            "created_at": at,
        }
        query = insert(self._connection, prompt_files).values(
            prompt_id=self._id_of(key), locale=locale, **values
        )
        self._connection.execute(
            query.on_conflict_do_update(index_elements=["prompt_id", "locale"], set_=values)
        )

    def remove_file(self, key: str, locale: str) -> None:
        self._connection.execute(
            delete(prompt_files).where(
                prompt_files.c.prompt_id == self._id_of(key), prompt_files.c.locale == locale
            )
        )

    def ask_recording(
        self, key: str, locale: str, code: str, *, user_id: int, at: datetime
    ) -> None:
        self._connection.execute(
            prompt_recordings.insert().values(
                prompt_id=self._id_of(key),
                locale=locale,
                user_id=user_id,
                code=code,
                created_at=at,
            )
        )

    def asked_recording(self, code: str, since: datetime) -> AskedRecording | None:
        asked = prompt_recordings.c
        query = (
            select(asked.id, asked.locale, asked.user_id, prompts.c.key)
            .join(prompts, prompts.c.id == asked.prompt_id)
            .where(asked.code == code, asked.state == "asked", asked.created_at >= since)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return AskedRecording(id=row.id, prompt_key=row.key, locale=row.locale, user_id=row.user_id)

    def end_recording(self, recording_id: int, state: str) -> None:
        self._connection.execute(
            update(prompt_recordings)
            .where(prompt_recordings.c.id == recording_id)
            .values(state=state)
        )

    def _id_of(self, key: str) -> int:
        found = self._connection.scalar(select(prompts.c.id).where(prompts.c.key == key))
        if found is None:
            raise NotFound("prompt", "there is no such prompt")
        return int(found)
