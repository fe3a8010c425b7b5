"""/score-cards: what contacts are assessed by."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.assessments.card import ScoreCard
from callcenter.queries import score_cards as queries
from web.api.answers import answer
from web.api.context import the_runtime
from web.api.operation import area, operation
from web.api.problems import not_found
from web.api.shapes import quality as shapes

api = area("score_cards", "/score-cards", "What contacts are assessed by.")


@operation(api, "get", "", shapes.ScoreCardList)
def list_score_cards() -> Response:
    """All score cards in the version that counts now, by title"""
    with the_runtime().reader() as connection:
        found = queries.all_cards(connection)
    return answer(shapes.ScoreCardList, {"items": [_told(one) for one in found]})


@operation(api, "get", "/<card_id>", shapes.ScoreCard)
def get_score_card(path: shapes.ScoreCardPath) -> Response:
    """One score card with its questions"""
    with the_runtime().reader() as connection:
        found = queries.card(connection, path.card_id)
    if found is None:
        raise not_found(f"score card {path.card_id}")
    return answer(shapes.ScoreCard, _told(found))


def _told(card: ScoreCard) -> dict[str, Any]:
    told = {name: getattr(card, name) for name in card.__slots__}
    return told | {"pass_score": card.pass_score / 100 if card.pass_score else None}
