"""What callers press: in the menu, wrongly, and while they wait in a queue."""

from __future__ import annotations

from ami.lab.scenarios.acts import FIRST, NETWORK, TALK, leg, take, talk_then_hang_up
from ami.lab.scenarios.model import ANNA, MENU, NAMES, Scenario, Truth, queues
from ami.lab.softphones import Line
from ami.lab.stage import Stage
from callcenter.pbx.destinations import Destination, Key

LISTENS = 1.5
WRONG_CHOICE = 6.0
"""The menu says that this is no choice, and begins anew."""
_QUEUES = queues(
    members=("1001",), keys=(Key(digit="5", to=Destination(kind="queue", target="sales")),)
)


def listens(stage: Stage, number: str) -> Line:
    anna = stage.person(ANNA).call(number).until_talking()
    stage.sleep(LISTENS)
    return anna


def chooses(stage: Stage) -> None:
    anna = listens(stage, MENU)
    anna.press("1")
    take(stage, "1001")
    talk_then_hang_up(stage, anna)


def chooses_wrongly_first(stage: Stage) -> None:
    anna = listens(stage, MENU)
    anna.press("7")
    stage.sleep(WRONG_CHOICE)
    anna.press("2")
    take(stage, "1001")
    talk_then_hang_up(stage, anna)


def chooses_in_menu_and_queue(stage: Stage) -> None:
    """Support rings 1001, and by 5 she goes to sales. A queue looks for keys between two rings:
    half a second later, give or take as much."""
    anna = listens(stage, MENU)
    anna.press("2")
    stage.person("1001").ringing()
    stage.sleep(1)
    anna.press("5")
    take(stage, "1001")
    talk_then_hang_up(stage, anna)


def annas_choice(*, menu: tuple[str, ...], queue: tuple[str, ...], wait: float = 1.0) -> Truth:
    return Truth(
        number=ANNA,
        name=NAMES[ANNA],
        dialed=MENU,
        queues=queue,
        rang=(FIRST,),
        answered_by=(FIRST,),
        wait_seconds=wait,
        talk_seconds=TALK,
        last_speaker=FIRST,
        menu=menu,
        legs=() if len(queue) > 1 else (leg(NETWORK, "caller", talk=TALK), leg(FIRST, talk=TALK)),
    )


MENUS = (
    Scenario(
        name="caller-chooses-sales-by-a-key-that-is-kept",
        people=(ANNA, "1001"),
        script=chooses,
        plan={"queues": queues(members=("1001",))},
        truth=(annas_choice(menu=("1",), queue=("sales",)),),
    ),
    Scenario(
        name="caller-presses-a-wrong-key-and-then-a-right-one",
        people=(ANNA, "1001"),
        script=chooses_wrongly_first,
        plan={"queues": queues(members=("1001",))},
        truth=(annas_choice(menu=("7", "2"), queue=("support",)),),
    ),
    Scenario(
        name="caller-chooses-in-the-menu-and-again-while-waiting",
        people=(ANNA, "1001"),
        script=chooses_in_menu_and_queue,
        plan={"queues": _QUEUES},
        truth=(annas_choice(menu=("2", "5"), queue=("support", "sales"), wait=2.75),),
    ),
)
