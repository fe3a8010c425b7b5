"""Who belongs into which queue, how far back, and who is paused there: what the PBX should say.

Pure. A queue of which somebody has the skill is ours: its members follow the skills. A queue that
nobody has the skill of keeps the members that the PBX gave it; only their pauses are ours, and
a browser takes the place of its owner's desk phone there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from callcenter.agents.status import AgentStatus

BEST_LEVEL: Final = 9
NOT_SKILLED: Final = "no skill"
OTHER_DEVICE: Final = "other device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody with a phone. `status` None: they never logged in, and the PBX rings them as it
    always did. `levels`: skill → 1 (least) to 9 (best)."""

    user_id: int
    name: str
    desk: str
    browser: str
    status: AgentStatus | None
    levels: Mapping[str, int]

    @property
    def at_work(self) -> bool:
        return self.status is not None and self.status.chosen != "offline"

    @property
    def device(self) -> str:
        in_browser = self.status is not None and self.status.device == "browser"
        return self.browser if in_browser else self.desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member as the PBX has it. `fixed`: from its own files, it cannot be taken out."""

    queue: str
    interface: str
    penalty: int = 0
    paused: bool = False
    reason: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    action: Literal["add", "remove", "penalty", "pause", "unpause"]
    queue: str
    interface: str
    penalty: int = 0
    reason: str = ""
    name: str = ""


def changes(
    workers: Sequence[Worker], skills: Mapping[str, str], actual: Iterable[Member]
) -> list[Change]:
    """What to tell the PBX so that it agrees. `skills`: queue → the skill it asks for.

    `actual` are all members of the queues that this PBX has; `skills` may name queues that it has
    not, and the PBX queues that we know nothing of.
    """
    here = {(one.queue, one.interface): one for one in actual}
    queues = {queue for queue, _ in here} | set(skills)
    had = {skill for worker in workers for skill in worker.levels}
    return [
        change
        for queue in sorted(queues)
        for worker in workers
        for change in _of_worker(worker, queue, skills.get(queue, queue) in had, skills, here)
    ]


def _of_worker(
    worker: Worker,
    queue: str,
    ours: bool,
    skills: Mapping[str, str],
    here: Mapping[tuple[str, str], Member],
) -> Iterable[Change]:
    level = worker.levels.get(skills.get(queue, queue)) if ours else None
    members = {device: here.get((queue, device)) for device in (worker.desk, worker.browser)}
    belongs = level is not None if ours else members[worker.desk] is not None
    for device, member in members.items():
        wanted = belongs and worker.at_work and device == worker.device
        if member is None:
            if wanted:
                yield from _added(worker, queue, device, level)
        elif wanted or member.fixed or (not ours and device == worker.desk):
            reason = _why_paused(worker, belongs=belongs, in_use=device == worker.device)
            yield from _adjusted(member, reason, level)
        elif worker.status is not None:
            yield Change(action="remove", queue=queue, interface=device)


def _added(worker: Worker, queue: str, device: str, level: int | None) -> Iterable[Change]:
    reason = _why_paused(worker, belongs=True, in_use=True) or ""
    yield Change(
        action="add",
        queue=queue,
        interface=device,
        penalty=_penalty(level),
        reason=reason,
        name=worker.name,
    )


def _adjusted(member: Member, reason: str | None, level: int | None) -> Iterable[Change]:
    queue, interface = member.queue, member.interface
    if level is not None and member.penalty != _penalty(level):
        yield Change(action="penalty", queue=queue, interface=interface, penalty=_penalty(level))
    if reason is None:
        return
    if reason and (not member.paused or member.reason != reason):
        yield Change(action="pause", queue=queue, interface=interface, reason=reason)
    elif not reason and member.paused:
        yield Change(action="unpause", queue=queue, interface=interface)


def _penalty(level: int | None) -> int:
    return BEST_LEVEL - level if level is not None else 0


def _why_paused(worker: Worker, *, belongs: bool, in_use: bool) -> str | None:
    """'' to be rung; None when it is not for us to say."""
    if not belongs:
        return NOT_SKILLED
    status = worker.status
    if status is None:
        return None
    if status.chosen == "offline":
        return "offline"
    if not in_use:
        return OTHER_DEVICE
    if status.wrap_up is not None:
        return "wrap_up"
    return (status.chosen_reason or "paused") if status.chosen == "paused" else ""
