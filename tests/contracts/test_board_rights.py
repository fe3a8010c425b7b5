"""Who leads one team keeps its boards and nobody else's, however the request is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from callcenter.errors import Conflict, Forbidden, Invalid, NotFound, ProductError
from callcenter.queries import boards as board_queries
from callcenter.queries import rights as rights_queries
from callcenter.rights.policy import BUILTIN
from callcenter.rights.teams import Team
from callcenter.services import boards, roles
from callcenter.wallboard.layout import Layout
from tests.support.store import Store
from web import board_feeds


@dataclass
class House:
    """Ewa leads Sales, with Anna; Jan is of Support. Each team has a queue of its own."""

    store: Store
    people: dict[str, int]
    teams: dict[str, int]
    boards: dict[str, int]

    @property
    def tools(self) -> dict[str, Any]:
        return {"unit_of_work": self.store.unit_of_work, "clock": self.store.clock}

    def save(self, layout: Layout, by: str = "ewa") -> int:
        return boards.save_board(
            layout, user_id=self.people[by], publisher=self.store.publisher, **self.tools
        )

    def kept(self, board: str) -> Layout:
        with self.store.engine.connect() as connection:
            found = board_queries.get(connection, self.boards[board])
        assert found is not None
        return found

    def screen(self, board: str, by: str = "ewa") -> str:
        user = self.people[by]
        return boards.open_wall(self.boards[board], "Door", "en", user_id=user, **self.tools)

    def role(self, user: str, code: str) -> None:
        base = BUILTIN.get(code, BUILTIN["supervisor"]).base
        with self.store.unit_of_work() as uow:
            uow.users.update(self.people[user], {"role": base, "role_code": code})
            uow.commit()


@pytest.fixture
def house(store: Store) -> House:
    people = {name: store.add_user(name, number) for name, number in _PEOPLE}
    own = {("wallboard", "read"): "team", ("wallboard", "change"): "team"}
    scopes: Any = {**BUILTIN["supervisor"].scopes, **own}
    lead = replace(BUILTIN["supervisor"], code="lead", title="Lead", builtin=False, scopes=scopes)
    with store.unit_of_work() as uow:
        uow.rights.save_role(lead)
        sales = Team(id=0, name="Sales", lead_id=people["ewa"], member_ids=(people["anna"],))
        teams = {"sales": uow.rights.save_team(sales)}
        support = Team(id=0, name="Support", member_ids=(people["jan"],))
        teams["support"] = uow.rights.save_team(support)
        for queue, person in (("sales", "anna"), ("support", "jan")):
            uow.staffing.save_queue(queue, {"skill": queue})
            uow.staffing.set_skill(people[person], queue, 5)
        uow.commit()
    house = House(store, people, teams, {})
    house.role("adam", "admin")
    house.role("ewa", "lead")
    for name, team in (*teams.items(), ("shared", None)):
        layout = Layout(title=name, team_id=team, queues=() if team is None else (name,))
        house.boards[name] = house.save(layout, by="adam")
    return house


_PEOPLE = (("adam", "1000"), ("ewa", "1001"), ("anna", "1002"), ("jan", "1003"))


def test_a_lead_keeps_the_board_of_their_own_team(house: House) -> None:
    layout = Layout(title="Ours", team_id=house.teams["sales"], queues=("sales",))
    house.boards["ours"] = house.save(layout)
    house.save(replace(layout, id=house.boards["ours"], title="Still ours"))
    assert house.kept("ours").title == "Still ours"
    assert house.screen("ours")


def test_no_queue_and_no_operator_of_another_team_comes_upon_a_board(house: House) -> None:
    sales, support = house.teams["sales"], house.teams["support"]
    ours = Layout(title="Spy", team_id=sales, queues=("sales",))
    for board_id in (0, house.boards["sales"]):
        for team in (support, None, 999):
            assert refused(house, replace(ours, id=board_id, team_id=team)) == "team_id"
        for queues in (("sales", "support"), ()):
            assert refused(house, replace(ours, id=board_id, queues=queues)) == "queues"


def refused(house: House, layout: Layout) -> str:
    """The field that says why."""
    with pytest.raises(Invalid) as found:
        house.save(layout)
    return found.value.field


def test_boards_of_others_are_out_of_reach_and_shared_ones_are_only_read(house: House) -> None:
    refuse_everything(house, "support", NotFound)
    refuse_everything(house, "shared", Forbidden)


def refuse_everything(house: House, board: str, error: type[ProductError]) -> None:
    board_id, ewa = house.boards[board], house.people["ewa"]
    house.screen(board, by="adam")
    published: dict[str, Any] = {"publisher": house.store.publisher, **house.tools}
    taken = Layout(id=board_id, title="Mine", team_id=house.teams["sales"], queues=("sales",))
    with pytest.raises(error):
        house.save(taken)
    with pytest.raises(error):
        boards.delete_board(board_id, user_id=ewa, **published)
    with pytest.raises(error):
        house.screen(board)
    with pytest.raises(error):
        boards.revoke_wall(board_id, 1, user_id=ewa, **published)


def test_what_an_administrator_put_on_may_stay_but_makes_no_screen(house: House) -> None:
    mixed = replace(house.kept("sales"), queues=("sales", "support"))
    house.save(mixed, by="adam")
    house.save(replace(mixed, title="Renamed"))
    assert house.kept("sales").queues == ("sales", "support")
    with pytest.raises(Invalid):
        house.screen("sales")
    assert house.screen("sales", by="adam")


def test_nobody_shows_more_of_callers_on_a_wall_than_they_see(house: House) -> None:
    with house.store.unit_of_work() as uow:
        lead = uow.rights.role("lead")
        assert lead is not None
        fields: Any = {**lead.fields, ("customer", "phones"): "masked"}
        uow.rights.save_role(replace(lead, fields=fields))
        uow.commit()
    wide = replace(house.kept("sales"), callers_shown="full")
    assert refused(house, wide) == "callers_shown"
    house.save(replace(house.kept("sales"), callers_shown="full"), by="adam")
    assert shown(house, house.screen("sales")) == "name"
    assert shown(house, house.screen("sales", by="adam")) == "full"


def test_a_screen_is_dark_while_its_maker_may_not_change_the_board(house: House) -> None:
    token = house.screen("sales")
    assert shown(house, token)
    house.role("ewa", "operator")
    assert not shown(house, token)
    house.role("ewa", "lead")
    assert shown(house, token)
    with house.store.unit_of_work() as uow:
        uow.rights.save_team(Team(id=house.teams["sales"], name="Sales"))
        uow.commit()
    assert not shown(house, token)
    house.role("ewa", "supervisor")
    assert shown(house, token)
    with house.store.unit_of_work() as uow:
        uow.users.update(house.people["ewa"], {"active": False})
        uow.commit()
    assert not shown(house, token)


def test_a_team_with_boards_is_not_deleted_under_them(house: House) -> None:
    """Its boards would show everybody's operators."""
    with pytest.raises(Conflict):
        roles.delete_team(house.teams["sales"], user_id=house.people["adam"], **house.tools)


def shown(house: House, token: str) -> str | None:
    """What a screen with this token shows of callers; None while it is dark."""
    with house.store.engine.connect() as connection:
        wall = board_queries.wall_of(connection, boards.hash_of(token))
        assert wall is not None
        with house.store.unit_of_work() as uow:
            maker = uow.users.get(wall.maker_id or 0)
        assert maker is not None
        viewer = rights_queries.viewer(connection, maker.id, maker.role, maker.role_code)
        watcher = board_feeds.Watcher(
            "sid",
            wall.board_id,
            wall_id=wall.id,
            maker_id=wall.maker_id,
            viewer=viewer if maker.active else None,
        )
        view = board_feeds.view_of(watcher, board_feeds.layouts(connection))
    return view.shown.callers if view is not None else None
