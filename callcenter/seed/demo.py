"""`callcenter seed demo`: a believable company with its people, trade, past calls and log-ins.

The data is the same on every installation and is written once; the passwords are made anew for
each installation, kept beside its data for the owner alone, and never fixed in the code.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from callcenter.accounts import passwords
from callcenter.runtime import Runtime
from callcenter.seed import (
    alerts,
    boards,
    company,
    credentials,
    customer_base,
    quality,
    report_views,
    surveys,
    traffic,
)
from callcenter.seed.people import SWITCHBOARD, Person, people
from callcenter.services import figures

CallerStory: TypeAlias = Literal["known", "vip", "debtor", "blocked", "shared", "unknown", "hidden"]


@dataclass(frozen=True, slots=True)
class DemoCredentials:
    """Log-in names and passwords, in the order to print them: `dict(credentials)`."""

    passwords: Mapping[str, str] = field(repr=False)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.passwords.items())


@dataclass(frozen=True, slots=True)
class DemoCaller:
    """Somebody who may call the company: `number` is E.164, or `anonymous` for a hidden one."""

    number: str
    name: str
    story: CallerStory


def seed(runtime: Runtime, *, region: str | None = None) -> DemoCredentials:
    """Make sure that the demo company is there. A second run changes nothing.

    `region` sets the users' clock. Should the file of passwords be lost, new ones are made.
    """
    path = runtime.settings.data_dir / credentials.FILE
    kept = credentials.read(path)
    names = [user.username for user in company.USERS]
    if all(name in kept for name in names) and _is_there(runtime):
        _complete(runtime)
        return DemoCredentials({name: kept[name] for name in names})
    words = {name: kept.get(name) or secrets.token_urlsafe(9) for name in names}
    hashes = {name: passwords.hash_password(word) for name, word in words.items()}
    now = runtime.clock.now()
    with runtime.unit_of_work() as uow:
        is_new = uow.users.by_username(names[0]) is None
        if is_new:
            company.fill(uow, hashes, now, region or runtime.settings.default_region)
        else:
            company.renew_passwords(uow, hashes)
            company.give_phone(uow)
        credentials.write(path, words)
        uow.commit()
    if is_new:
        customer_base.fill(runtime)
        traffic.fill(runtime)
        surveys.fill(runtime)
        report_views.fill(runtime)
        alerts.fill(runtime)
        boards.fill(runtime)
        quality.fill(runtime)
    figures.catch_up(unit_of_work=runtime.unit_of_work, clock=runtime.clock)
    figures.work_out_classes(unit_of_work=runtime.unit_of_work)
    return DemoCredentials(words)


def _complete(runtime: Runtime) -> None:
    """What a demo that an earlier version made does not have yet."""
    with runtime.unit_of_work() as uow:
        company.give_phone(uow)
        uow.commit()


def _is_there(runtime: Runtime) -> bool:
    with runtime.unit_of_work() as uow:
        return uow.users.by_username(company.USERS[0].username) is not None


def demo_callers() -> list[DemoCaller]:
    """Who calls the demo company by themselves: some of every story, strangers, hidden numbers."""
    everyone = people()
    wanted: tuple[tuple[str, CallerStory, int], ...] = (
        ("", "known", 9),
        ("vip", "vip", 3),
        ("debtor", "debtor", 3),
        ("blocked", "blocked", 1),
    )
    callers = [
        DemoCaller(person.mobile, person.display_name, shown)
        for story, shown, most in wanted
        for person in _spread([one for one in everyone if one.story == story], most)
    ]
    return [
        *callers,
        DemoCaller(SWITCHBOARD, "Nowak Logistics", "shared"),
        DemoCaller("+48601777001", "", "unknown"),
        DemoCaller("+79265550999", "", "unknown"),
        DemoCaller("+442079460958", "J Smith", "unknown"),
        DemoCaller("anonymous", "", "hidden"),
    ]


def _spread(found: list[Person], most: int) -> list[Person]:
    """At most `most` of them, from all over the list, so that every language calls."""
    step = max(1, len(found) // most)
    return found[::step][:most]
