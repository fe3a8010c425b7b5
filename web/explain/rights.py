"""Who is told why a call went as it did: supervisors, and whoever took part in it."""

from __future__ import annotations

from callcenter.queries.views import InteractionView


def may_see(interaction: InteractionView, user_id: int, *, leads: bool) -> bool:
    if leads:
        return True
    mine = [leg.user.id for leg in interaction.legs if leg.user is not None]
    if interaction.operator is not None:
        mine.append(interaction.operator.id)
    return user_id in mine
