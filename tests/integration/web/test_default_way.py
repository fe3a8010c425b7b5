"""How many calls took the default way today, on the page that supervisors have open."""

from __future__ import annotations

import pytest

from callcenter.routing.decide import default_decision
from callcenter.routing.record import DecisionRecord, explain
from tests.support.web import Browser, World


def failed_open(world: World, cause: str, calls: int) -> None:
    made = default_decision(cause)
    with world.runtime.unit_of_work() as uow:
        uow.routing.record(
            *(
                DecisionRecord(
                    pbx="pbx",
                    uniqueid=f"17.{cause}{n}",
                    number="",
                    dialed="+48221000000",
                    route=made.route,
                    rule=made.rule,
                    facts=explain(made, None),
                    failed_open=True,
                    decided_at=world.runtime.clock.now(),
                )
                for n in range(calls)
            )
        )
        uow.commit()


def test_supervisors_see_how_many_calls_took_the_default_way_and_why(
    world: World, supervisor: Browser
) -> None:
    assert "None. Every call was routed by the rules." in supervisor.text("/live")
    failed_open(world, "deadline", 3)
    failed_open(world, "busy", 1)
    failed_open(world, "a-newer-cause", 1)
    for path in ("/live", "/live/default-way"):
        text = supervisor.text(path)
        assert "Calls that took the default way today" in text
        assert ">5</span>" in text
        assert "The database took too long" in text
        assert "Too many callers at once" in text


@pytest.mark.parametrize("path", ["/live", "/live/default-way"])
def test_operators_do_not_see_it(operator: Browser, path: str) -> None:
    assert operator.get(path).status_code == 403
