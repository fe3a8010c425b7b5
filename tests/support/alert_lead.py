"""The supervisor of a running company as the lead of one team: of alerts they see their team's."""

from __future__ import annotations

from callcenter.rights.teams import Team
from tests.support.alert_teams import lead_policy
from tests.support.web import World


def make_lead(world: World) -> tuple[int, int]:
    """Team A works in `sales`, and the supervisor leads it; B works in `support`. Their ids."""
    lead, anna, jan = (world.users[one] for one in ("supervisor", "operator1", "operator2"))
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_role(lead_policy())
        uow.users.update(lead, {"role": "supervisor", "role_code": "lead"})
        ours = uow.rights.save_team(Team(id=0, name="A", lead_id=lead, member_ids=(anna,)))
        theirs = uow.rights.save_team(Team(id=0, name="B", member_ids=(jan,)))
        for user_id, queue in ((anna, "sales"), (jan, "support")):
            uow.staffing.save_queue(queue, {"title": queue.title(), "skill": queue})
            uow.staffing.set_skill(user_id, queue, 5)
        uow.commit()
    return ours, theirs
