"""Keeps who stepped into which call, and whether operators see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    insert,
    literal_column,
    select,
    update,
)

from callcenter.store import supervision_rows
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import insert as insert_or
from callcenter.store.sets import among
from callcenter.store.tables import (
    call_claims,
    skill_loans,
    supervision_policy,
    supervision_sessions,
    users,
)
from callcenter.supervision.claims import LONGEST, Claim, first
from callcenter.supervision.stepping import Session

_T = supervision_sessions
_C = call_claims
_KEPT = timedelta(hours=1)


class SupervisionRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def policy(self) -> dict[str, bool]:
        return supervision_rows.policy(self._connection)

    def set_policy(self, policy: Mapping[str, bool]) -> None:
        self._connection.execute(delete(supervision_policy))
        rows = [{"role": role, "visible": visible} for role, visible in sorted(policy.items())]
        if rows:
            self._connection.execute(insert(supervision_policy), rows)

    def add(self, session: Session) -> Session:
        made = self._connection.execute(insert(_T).values(_row(session)))
        (key,) = made.inserted_primary_key or (0,)
        return replace(session, id=int(key))

    def save(self, sessions: Sequence[Session]) -> None:
        for one in sessions:
            if one.id:
                self._connection.execute(update(_T).where(_T.c.id == one.id).values(_row(one)))
            else:
                self.add(one)

    def open_of(self, supervisor_id: int) -> list[Session]:
        query = supervision_rows.open_live().where(_T.c.supervisor_id == supervisor_id)
        rows = self._connection.execute(query.order_by(_T.c.id.desc()))
        return [supervision_rows.session(row) for row in rows]

    def open_now(self) -> list[Session]:
        rows = self._connection.execute(supervision_rows.open_anywhere())
        return [supervision_rows.session(row) for row in rows]

    def open_in(self, call_ids: Collection[str]) -> list[Session]:
        query = select(_T).where(
            _T.c.ended_at.is_(None), among(self._connection, _T.c.call_id, sorted(call_ids))
        )
        rows = self._connection.execute(query.order_by(_T.c.id))
        return [supervision_rows.session(row) for row in rows]

    def hold(self, supervisor_id: int) -> None:
        mine = select(users.c.id).where(users.c.id == supervisor_id)
        self._connection.execute(mine.with_for_update(key_share=True)).all()

    def channels_known(self, channels: Collection[str]) -> set[str]:
        query = select(_T.c.channel).where(among(self._connection, _T.c.channel, sorted(channels)))
        return set(self._connection.scalars(query))

    def claim(self, wanted: Claim) -> Claim | None:
        self._connection.execute(delete(_C).where(_C.c.until < wanted.since - _KEPT))
        is_past = (_C.c.until <= wanted.since) | (_C.c.until > wanted.since + LONGEST)
        self._connection.execute(delete(_C).where(is_past, _beside(wanted)))
        offered = insert_or(self._connection, _C).values(asdict(wanted))
        made = offered.on_conflict_do_nothing().returning(_C.c.call_id)
        if self._connection.scalar(made) is not None:
            return None
        same = _beside(wanted) | (_C.c.command_id == wanted.command_id)
        rows = self._connection.execute(select(_C).where(same))
        others = [Claim(**row._mapping) for row in rows]
        # Released between the two statements: ours at the second try, or somebody's again.
        return first(wanted, others) or self.claim(wanted)

    def claim_on(self, call_id: str, now: datetime) -> Claim | None:
        return next((one for one in self.claims({call_id}) if one.until > now), None)

    def claims(self, call_ids: Collection[str]) -> list[Claim]:
        query = select(_C).where(among(self._connection, _C.c.call_id, sorted(call_ids)))
        return [Claim(**row._mapping) for row in self._connection.execute(query)]

    def claim_by(self, command_id: str) -> Claim | None:
        row = self._connection.execute(select(_C).where(_C.c.command_id == command_id)).first()
        return Claim(**row._mapping) if row is not None else None

    def release(self, command_id: str) -> Claim | None:
        gone = delete(_C).where(_C.c.command_id == command_id).returning(*_C.c)
        rows = self._connection.execute(gone).all()
        return Claim(**rows[0]._mapping) if rows else None

    def rename_call(self, gone: str, into: str) -> None:
        has_one = select(_C.c.call_id).where(_C.c.call_id == into)
        mine = _C.c.call_id == gone
        if self._connection.scalar(has_one) is None:
            self._connection.execute(update(_C).where(mine).values(call_id=into))
        else:
            self._connection.execute(delete(_C).where(mine))

    def lend(
        self, user_id: int, skill: str, level: int, until: datetime | None, *, by: int, at: datetime
    ) -> None:
        row = {
            "user_id": user_id,
            "skill": skill,
            "level": level,
            "until": until,
            "made_by": by,
            "made_at": at,
        }
        changes = ["level", "until", "made_by", "made_at"]
        bulk.upsert(
            self._connection, skill_loans, [row], keys=["user_id", "skill"], changes=changes
        )

    def end_loan(self, user_id: int, skill: str) -> None:
        mine = (skill_loans.c.user_id == user_id, skill_loans.c.skill == skill)
        self._connection.execute(delete(skill_loans).where(*mine))


def _beside(wanted: Claim) -> ColumnElement[bool]:
    """Claims that this one cannot stand beside: on the same call, or with the same phone."""
    call = _C.c.call_id == wanted.call_id
    if wanted.deed != "pull":
        return call
    return call | ((_C.c.to_id == wanted.to_id) & (_C.c.deed == literal_column("'pull'")))


def _row(session: Session) -> dict[str, object]:
    return {name: value for name, value in asdict(session).items() if name != "id"}
