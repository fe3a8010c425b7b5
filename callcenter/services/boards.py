"""Use cases of wallboards: keep them, and let screens on a wall show them without a log-in.

A board that somebody may not see does not exist for them; one that they may see, and not change,
is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from callcenter.accounts.tokens import make_token, token_hash
from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.rights.viewer import Viewer
from callcenter.services.rights import viewer_of
from callcenter.wallboard import reach
from callcenter.wallboard.layout import Layout, check

UowFactory = Callable[[], UnitOfWork]
BOARDS_CHANGED = "boards_changed"
"""`message` payload type for the web processes alone: boards, or who may show them, changed."""
LANGUAGES = ("en", "pl", "ru")


def save_board(
    layout: Layout,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> int:
    """A new one where its id is 0; the id. Raises Invalid naming the field, NotFound, Forbidden."""
    check(layout)
    with unit_of_work() as uow:
        viewer = viewer_of(uow, user_id)
        before = _theirs(uow, viewer, layout.id) if layout.id else None
        _require(viewer)
        reach.check_kept(viewer, before, layout, _centre(uow))
        if before is not None:
            uow.boards.change(layout, clock.now())
            board_id, detail = layout.id, _difference(before, layout)
        else:
            board_id = uow.boards.add(layout, user_id, clock.now())
            detail = {"after": _told(layout)}
        _audit(uow, clock, user_id=user_id, action="board_saved", board_id=board_id, detail=detail)
        uow.commit()
    _announce(publisher)
    return board_id


def delete_board(
    board_id: int,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> None:
    """The screens that showed it go dark."""
    with unit_of_work() as uow:
        before = _theirs(uow, viewer_of(uow, user_id), board_id)
        uow.boards.delete(board_id)
        _audit(
            uow,
            clock,
            user_id=user_id,
            action="board_deleted",
            board_id=board_id,
            detail={"before": _told(before)},
        )
        uow.commit()
    _announce(publisher)


def open_wall(
    board_id: int,
    name: str,
    language: str,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> str:
    """The token by which a screen shows this board and can do nothing else: told once, kept as a
    hash. It works until it is revoked, and while its maker may change this board."""
    title = name.strip()
    if not title:
        raise Invalid("name", "say where the screen hangs")
    if language not in LANGUAGES:
        raise Invalid("language", "choose a language")
    token = make_token()
    with unit_of_work() as uow:
        viewer = viewer_of(uow, user_id)
        reach.check_wall(viewer, _theirs(uow, viewer, board_id), _centre(uow))
        uow.boards.add_wall(
            board_id,
            title,
            token_hash=token.token_hash,
            language=language,
            user_id=user_id,
            at=clock.now(),
        )
        _audit(
            uow,
            clock,
            user_id=user_id,
            action="wall_opened",
            board_id=board_id,
            detail={"name": title},
        )
        uow.commit()
    return token.secret


def revoke_wall(
    board_id: int,
    wall_id: int,
    *,
    user_id: int,
    unit_of_work: UowFactory,
    publisher: Publisher,
    clock: Clock,
) -> None:
    with unit_of_work() as uow:
        _theirs(uow, viewer_of(uow, user_id), board_id)
        if not uow.boards.revoke_wall(board_id, wall_id, clock.now()):
            raise NotFound("wall", f"there is no screen {wall_id}")
        _audit(
            uow,
            clock,
            user_id=user_id,
            action="wall_revoked",
            board_id=board_id,
            detail={"wall": wall_id},
        )
        uow.commit()
    _announce(publisher)


def saw_wall(wall_id: int, *, unit_of_work: UowFactory, clock: Clock) -> None:
    """A screen opened with this token."""
    with unit_of_work() as uow:
        uow.boards.seen(wall_id, clock.now())
        uow.commit()


def hash_of(token: str) -> str:
    return token_hash(token)


def _theirs(uow: UnitOfWork, viewer: Viewer, board_id: int) -> Layout:
    """A board that they may change."""
    found = uow.boards.get(board_id)
    changed = found is not None and reach.changes(viewer, found)
    if found is None or not (changed or reach.sees(viewer, found)):
        raise NotFound("board", f"there is no board {board_id}")
    if not changed:
        raise Forbidden("board", "this board is not your team's to change")
    return found


def _require(viewer: Viewer) -> None:
    if viewer.base == "operator" or not viewer.may("wallboard", "change"):
        raise Forbidden("wallboard", "your role does not allow this: wallboard, change")


def _centre(uow: UnitOfWork) -> reach.Centre:
    return reach.Centre(uow.staffing.queues(), uow.staffing.skills())


def _told(layout: Layout) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(layout).items()
        if name not in ("id", "version")
    }


def _difference(before: Layout, after: Layout) -> dict[str, Any]:
    was, now = _told(before), _told(after)
    names = [name for name in now if was[name] != now[name]]
    return {"before": {one: was[one] for one in names}, "after": {one: now[one] for one in names}}


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    *,
    user_id: int,
    action: str,
    board_id: int,
    detail: dict[str, Any],
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="board",
        object_id=str(board_id),
        at=clock.now(),
        detail=detail,
    )


def _announce(publisher: Publisher) -> None:
    payload = {"type": BOARDS_CHANGED}
    publisher.publish([Message(kind="message", audience=Audience(), payload=payload)])
