"""Who is told why a call went as it did: supervisors, and whoever took part in it."""

from __future__ import annotations

from callcenter.queries.views import InteractionView
from callcenter.rights.viewer import Viewer


def may_see(interaction: InteractionView, viewer: Viewer, *, leads: bool) -> bool:
    """What the PBX said is told with every number in it: not to whom numbers are masked."""
    if not viewer.sees("interaction", "number"):
        return False
    if leads:
        return True
    mine = [leg.user.id for leg in interaction.legs if leg.user is not None]
    if interaction.operator is not None:
        mine.append(interaction.operator.id)
    return viewer.user_id in mine
