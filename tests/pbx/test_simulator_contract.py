"""The simulator is a PBX like the lab: of the same scenario the product makes the same of both.

Each scenario runs on the real PBX and on the simulator at the same time, each with a product of its
own that decides by the same customers: through the manager link, the tracker and the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from ami.lab import recorder
from ami.lab.pbx import LabPbx, lab_plan
from ami.lab.phones import DeskPhone, FarEnd
from ami.lab.scenarios import ANNA, SCENARIOS, STRANGER, Scenario
from ami.lab.stage import Stage
from ami.simulator import SimulatedPbx
from ami.simulator.player import Played
from tests.support.databases import SqliteDatabases
from tests.support.lab import require_lab
from tests.support.product import Product

pytestmark = pytest.mark.pbx

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
QUEUED = "inbound-call-is-answered-through-the-queue"
VIP = "vip-caller-goes-to-the-vip-queue"
BLOCKED = "blocked-caller-hears-a-message-and-no-phone-rings"
SAME_ON_BOTH = (
    QUEUED,
    VIP,
    BLOCKED,
    "ring-all-queue-is-answered-by-one-of-three",
    "queue-tries-a-second-operator-when-the-first-does-not-answer",
    "caller-gives-up-in-the-queue",
    "caller-chooses-sales-in-the-menu",
    "direct-number-is-busy",
    "hidden-caller-is-answered",
    "two-calls-at-once-are-answered-by-two-operators",
    "outbound-call-is-answered",
    "internal-call-is-answered",
)
SECONDS_APART = 1.0


@pytest.fixture
def products(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    databases = SqliteDatabases(tmp_path_factory.mktemp("contract"))
    with ExitStack() as stack:

        def make(name: str) -> Product:
            folder = tmp_path / name
            folder.mkdir()
            url = databases.migrated(folder / "callcenter.db")
            return stack.enter_context(Product(url, folder))

        yield make("lab"), make("simulator")


def run_on_lab(scenario: Scenario, product: Product, folder: Path) -> None:
    with ExitStack() as stack:
        pbx = stack.enter_context(LabPbx(folder, plan=lab_plan(product.agi, **scenario.plan)))
        product.listen(pbx.ami_url)
        know_people(product, scenario)
        phones = {
            extension: stack.enter_context(DeskPhone(pbx, extension, behaviour))
            for extension, behaviour in scenario.phones.items()
        }
        if scenario.far_end is not None:
            stack.enter_context(FarEnd(pbx, scenario.far_end))
        recorder.play(Stage(pbx, phones), scenario)
        product.wait_settled(len(scenario.truth))


@contextmanager
def running_on_simulator(
    scenario: Scenario, recording: str, product: Product
) -> Iterator[Future[Played]]:
    """It plays meanwhile."""
    number = scenario.truth[0].number if recording != scenario.name else ""
    with SimulatedPbx(agi=product.agi) as pbx:
        product.listen(pbx.ami_url)
        know_people(product, scenario)
        playing = pbx.play(recording, number=number)
        yield playing
        playing.result(60)
        product.wait_settled(len(scenario.truth))


def know_people(product: Product, scenario: Scenario) -> None:
    """Customers by whom the product's rules decide as the scenario wants."""
    product.add_customer(ANNA, vip_level=2 if scenario.route == "queue-vip" else 0)
    if scenario.route == "blocked":
        product.add_customer(STRANGER, blocked=True, block_reason="as the scenario says")


def assert_same(one: list[Any], other: list[Any]) -> None:
    """Equal; seconds within a second."""
    assert [_words(row) for row in one] == [_words(row) for row in other]
    for row, twin in zip(one, other, strict=True):
        for mine, its in zip(_seconds(row), _seconds(twin), strict=True):
            assert abs(mine - its) < SECONDS_APART, (row, twin)


def _words(row: Any) -> list[Any]:
    return [value for value in _values(row) if not isinstance(value, float)]


def _seconds(row: Any) -> list[float]:
    return [value for value in _values(row) if isinstance(value, float)]


def _values(row: Any) -> list[Any]:
    return list(row.values() if isinstance(row, dict) else row)


@pytest.mark.parametrize("name", SAME_ON_BOTH)
def test_the_product_makes_the_same_of_both(name, products, tmp_path):
    require_lab()
    lab, simulator = products
    with running_on_simulator(BY_NAME[name], name, simulator):
        run_on_lab(BY_NAME[name], lab, tmp_path / "pbx")
    assert_same(lab.interactions(), simulator.interactions())
    assert_same(lab.legs(), simulator.legs())
    assert lab.decisions() == simulator.decisions()


@pytest.mark.parametrize("name", [VIP, BLOCKED])
def test_the_simulator_follows_the_crm_s_answer_as_the_dialplan_does(name, products, tmp_path):
    """It begins with the recording of an ordinary call, and the CRM says otherwise."""
    require_lab()
    lab, simulator = products
    with running_on_simulator(BY_NAME[name], QUEUED, simulator) as playing:
        run_on_lab(BY_NAME[name], lab, tmp_path / "pbx")
    assert playing.result().recording == name
    assert_same(lab.interactions(), simulator.interactions())
    assert lab.decisions() == simulator.decisions()
