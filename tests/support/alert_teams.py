"""A centre of two teams, Sales and Support, each in a queue of its own; who leads Sales has the
right to alerts for their team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from callcenter.alerts.checks import Known
from callcenter.alerts.threshold import Alert, Threshold
from callcenter.queries import alerts as queries
from callcenter.queries import rights as rights_queries
from callcenter.queries.alerts import AlertFilters
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.teams import Team
from callcenter.rights.viewer import Viewer
from callcenter.services.thresholds import ThresholdDesk
from tests.support.alerts import Centre, found
from tests.support.store import NOW, Store

PEOPLE: Final = (("adam", "1000"), ("ewa", "1001"), ("anna", "1002"), ("jan", "1003"))
QUEUES: Final = frozenset({"sales", "support"})


def lead_policy() -> Policy:
    """A supervisor, but of alerts only their team's."""
    own: Any = {("alert", "read"): "team", ("alert", "change"): "team"}
    usual = BUILTIN["supervisor"]
    scopes = {**usual.scopes, **own}
    return replace(usual, code="lead", title="Lead", builtin=False, scopes=scopes)


@dataclass
class House:
    """Ewa leads Sales, with Anna; Jan is of Support; Adam administers all."""

    centre: Centre
    people: dict[str, int]
    teams: dict[str, int]

    @property
    def store(self) -> Store:
        return self.centre.store

    def desk(self, by: str) -> ThresholdDesk:
        known = Known(queues=QUEUES, teams=frozenset(self.teams.values()))
        return ThresholdDesk(
            room=self.centre.room, known=lambda _draft: known, user_id=self.people[by]
        )

    def viewer(self, name: str) -> Viewer:
        """As they look through the door."""
        with self.store.unit_of_work() as uow:
            user = uow.users.get(self.people[name])
        assert user is not None
        with self.store.engine.connect() as connection:
            return rights_queries.viewer(connection, user.id, user.role, user.role_code)

    def open(self, by: str) -> set[str]:
        with self.store.engine.connect() as connection:
            return {named(one) for one in queries.open(connection, self.viewer(by))}

    def past(self, by: str) -> set[str]:
        """The history, a page of one alert after another."""
        shown, cursor = set(), None
        with self.store.engine.connect() as connection:
            while True:
                page = queries.history(connection, AlertFilters(), cursor, 1, self.viewer(by))
                shown |= {named(one) for one in page.items}
                cursor = page.next_cursor
                if cursor is None:
                    return shown

    def rules(self, by: str) -> list[int]:
        with self.store.engine.connect() as connection:
            return [one.id for one in queries.all_thresholds(connection, self.viewer(by))]

    def rule(self, threshold_id: int) -> Threshold:
        with self.store.engine.connect() as connection:
            found = queries.threshold(connection, threshold_id)
        assert found is not None
        return found

    def role(self, user: str, code: str) -> None:
        base = BUILTIN.get(code, BUILTIN["supervisor"]).base
        with self.store.unit_of_work() as uow:
            uow.users.update(self.people[user], {"role": base, "role_code": code})
            uow.commit()

    def skill(self, user: str, skill: str, level: int) -> None:
        with self.store.unit_of_work() as uow:
            uow.staffing.set_skill(self.people[user], skill, level)
            uow.commit()

    def disband(self, team: str) -> None:
        with self.store.unit_of_work() as uow:
            uow.rights.save_team(Team(id=self.teams[team], name=team))
            uow.commit()

    def begin(self, alerts: Iterable[Alert]) -> dict[str, int]:
        with self.store.unit_of_work() as uow:
            ids = {named(one): uow.alerts.begin(one) for one in alerts}
            uow.commit()
        return ids


def house_of(store: Store) -> House:
    centre = found(store)
    people = {name: store.add_user(name, number) for name, number in PEOPLE}
    with store.unit_of_work() as uow:
        uow.rights.save_role(lead_policy())
        sales = Team(id=0, name="Sales", lead_id=people["ewa"], member_ids=(people["anna"],))
        teams = {"sales": uow.rights.save_team(sales)}
        teams["support"] = uow.rights.save_team(
            Team(id=0, name="Support", member_ids=(people["jan"],))
        )
        uow.commit()
    house = House(centre, people, teams)
    for person, queue in (("anna", "sales"), ("jan", "support")):
        house.skill(person, queue, 5)
    house.role("adam", "admin")
    house.role("ewa", "lead")
    return house


def alert(**changes: Any) -> Alert:
    usual: dict[str, Any] = {
        "metric": "waiting", "comparison": "at_least", "bound": 1, "level": "red", "value": 2,
        "worst_level": "red", "worst_value": 2, "opened_at": NOW, "level_at": NOW,
    }  # fmt: skip
    return Alert(**usual | changes)


def every_kind(teams: dict[str, int]) -> list[Alert]:
    """Of each team and its queue, of the whole centre, and of no queue at all."""
    people = {"metric": "ready", "comparison": "at_most", "scope": "team"}
    return [
        *(alert(scope="queues", subject=one) for one in (*sorted(QUEUES), "gone")),
        *(alert(subject=str(one), subject_title=name, **people) for name, one in teams.items()),
        alert(),
        alert(metric="pbx_down"),
    ]


def named(one: Alert) -> str:
    where = {"queues": f"in {one.subject}", "team": f"of {one.subject_title}"}
    return f"{one.metric} {where.get(one.scope, 'over all')}"
