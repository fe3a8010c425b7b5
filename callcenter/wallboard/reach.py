"""Which boards somebody sees and changes, and what they may put on one. Pure.

Whoever may so with those of their teams sees the boards of teams that they belong to or lead, and
reads those of everybody; what they keep is of their own teams alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from callcenter.agents.staffing import QueueSettings
from callcenter.errors import Invalid
from callcenter.rights.viewer import Viewer
from callcenter.wallboard.layout import CALLERS_SHOWN, CallersShown, Layout


def sees(viewer: Viewer, layout: Layout) -> bool:
    scope = viewer.scope("wallboard", "read")
    return scope == "all" or (
        scope == "team" and (layout.team_id is None or layout.team_id in viewer.team_ids)
    )


def changes(viewer: Viewer, layout: Layout) -> bool:
    """Its tiles, its queues, and the screens that show it."""
    if viewer.base == "operator":
        return False
    scope = viewer.scope("wallboard", "change")
    return scope == "all" or (scope == "team" and layout.team_id in viewer.team_ids)


def teams_seen(viewer: Viewer) -> frozenset[int] | None:
    """Whose operators and queues they see on the board that nobody made; None: everybody's."""
    return None if viewer.scope("wallboard", "read") == "all" else viewer.team_ids


def callers_of(viewer: Viewer) -> CallersShown:
    """Whoever sees only some customers, or numbers only masked, sees on a board how many wait."""
    if viewer.policy.unlimited:
        return "full"
    return "name" if viewer.user_ids("customer", "read") is None else "none"


def narrower(one: CallersShown, other: CallersShown) -> CallersShown:
    return min(one, other, key=CALLERS_SHOWN.index)


def is_of(skilled: Iterable[int], people: frozenset[int]) -> bool:
    """Whether a queue is of these people: one of them has its skill, or nobody at all has."""
    known = frozenset(skilled)
    return not known or bool(known & people)


@dataclass(frozen=True, slots=True)
class Centre:
    """Queues by name, and user → skill → level."""

    queues: Mapping[str, QueueSettings]
    skills: Mapping[int, Mapping[str, int]]

    def queues_of(self, people: frozenset[int]) -> tuple[str, ...]:
        return tuple(name for name in self.queues if self._is_of(name, people))

    def foreign(self, names: Iterable[str], people: frozenset[int]) -> list[str]:
        """Those that belong to others."""
        return [name for name in names if name in self.queues and not self._is_of(name, people)]

    def _is_of(self, name: str, people: frozenset[int]) -> bool:
        needs = self.queues[name].needs
        return is_of((user for user, skills in self.skills.items() if needs in skills), people)


def check_kept(viewer: Viewer, before: Layout | None, after: Layout, centre: Centre) -> None:
    """What is on the board already may stay. Raises Invalid, naming the field."""
    shown, told = after.callers_shown, before.callers_shown if before is not None else "none"
    if shown not in (narrower(shown, told), narrower(shown, callers_of(viewer))):
        raise Invalid("callers_shown", "shows more of callers than you may see")
    if viewer.scope("wallboard", "change") == "all":
        return
    if after.team_id is None or after.team_id not in viewer.team_ids:
        raise Invalid("team_id", "choose one of your teams")
    if before is not None and not before.queues:
        return
    if not after.queues:
        raise Invalid("queues", "choose the queues of your team")
    new = [one for one in after.queues if before is None or one not in before.queues]
    if centre.foreign(new, viewer.team_user_ids):
        raise Invalid("queues", "has queues of other teams")


def check_wall(viewer: Viewer, layout: Layout, centre: Centre) -> None:
    """A screen without a log-in shows no other team by the doing of one. Raises Invalid."""
    if viewer.scope("wallboard", "change") == "all":
        return
    if not layout.queues or centre.foreign(layout.queues, viewer.team_user_ids):
        raise Invalid("", "this board shows queues of other teams")
