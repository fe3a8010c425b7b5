"""Keeps how far mailboxes were read, which mails could not be, and the texts to answer with."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update

from callcenter.channels.mail import MailPosition
from callcenter.channels.template import ReplyTemplate
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import insert
from callcenter.store.tables import mail_positions, mail_set_aside, reply_templates
from callcenter.store.text import clip, clipped, storable, text_limits

_LIMITS: Final = text_limits(reply_templates)


class MailboxRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def position(self, account: str, folder: str) -> MailPosition | None:
        columns = mail_positions.c
        query = select(columns.account, columns.folder, columns.uidvalidity, columns.last_uid)
        row = self._connection.execute(
            query.where(columns.account == account, columns.folder == folder)
        ).one_or_none()
        return MailPosition(**row._mapping) if row is not None else None

    def move(self, position: MailPosition, at: datetime) -> None:
        statement = insert(self._connection, mail_positions).values(**asdict(position), at=at)
        new = statement.excluded
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["account", "folder"],
                set_={"uidvalidity": new.uidvalidity, "last_uid": new.last_uid, "at": new.at},
            )
        )

    def seen(self, account: str, folder: str, at: datetime) -> None:
        columns = mail_positions.c
        mine = update(mail_positions).where(columns.account == account, columns.folder == folder)
        self._connection.execute(mine.values(at=at))

    def set_aside(self, position: MailPosition, uid: int, error: str, at: datetime) -> None:
        row = {
            "account": position.account,
            "folder": position.folder,
            "uidvalidity": position.uidvalidity,
            "uid": uid,
            "error": clip(error, 255),
            "at": at,
        }
        bulk.insert_missing(self._connection, mail_set_aside, [row])


class ReplyTemplateRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, kind: str) -> tuple[ReplyTemplate, ...]:
        columns = reply_templates.c
        query = select(reply_templates).where(columns.kind == kind)
        rows = self._connection.execute(query.order_by(columns.position, columns.id))
        return tuple(template_of(row) for row in rows)

    def get(self, template_id: int) -> ReplyTemplate | None:
        query = select(reply_templates).where(reply_templates.c.id == template_id)
        row = self._connection.execute(query).one_or_none()
        return template_of(row) if row is not None else None

    def add(self, template: ReplyTemplate) -> int:
        added = self._connection.scalar(
            reply_templates.insert().values(_values(template)).returning(reply_templates.c.id)
        )
        return int(added or 0)

    def update(self, template: ReplyTemplate) -> None:
        mine = update(reply_templates).where(reply_templates.c.id == template.id)
        self._connection.execute(mine.values(_values(template)))

    def delete(self, template_id: int) -> None:
        self._connection.execute(delete(reply_templates).where(reply_templates.c.id == template_id))


def template_of(row: Row[Any]) -> ReplyTemplate:
    return ReplyTemplate(**{one.name: getattr(row, one.name) for one in fields(ReplyTemplate)})


def _values(template: ReplyTemplate) -> dict[str, Any]:
    row = asdict(template)
    del row["id"]
    row["text"] = storable(template.text)
    return clipped(row, _LIMITS)
