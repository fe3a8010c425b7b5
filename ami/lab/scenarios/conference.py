"""More than two people in one conversation: three-way calls and conference rooms."""

from __future__ import annotations

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    SECOND,
    THIRD,
    anna_reaches,
    annas_call,
    channel_of,
    first_calls_second,
    leg,
    reaches,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import ANNA, Scenario, TransferTruth, Truth
from ami.lab.scenarios.transfers_by_key import DIALLING, KEYING, UNHEARD, asks
from ami.lab.stage import Stage

ROOM = "800"


def joined_by_key(stage: Stage) -> None:
    """All three talk, then the first operator leaves the other two."""
    anna, first = anna_reaches(stage, "1001")
    asks(stage, first, "1002")
    first.press("*3")
    stage.sleep(2)
    first.hang_up()
    talk_then_hang_up(stage, anna)


def taken_into_room(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer(ROOM)
    first.until_over()
    stage.sleep(1)
    again = stage.person("1001").call(ROOM).until_talking()
    stage.sleep(1)
    second = stage.person("1002").call(ROOM).until_talking()
    stage.sleep(2)
    anna.hang_up()
    stage.sleep(1)
    again.hang_up()
    second.hang_up()


def moved_into_room(stage: Stage) -> None:
    """Another program moves both ends of a live call; a colleague dials in."""
    anna, first = anna_reaches(stage, "1001")
    both = {"Channel": channel_of(stage, NETWORK), "ExtraChannel": channel_of(stage, FIRST)}
    where = {"Exten": ROOM, "Context": "crm-transfer", "Priority": "1"}
    extra = {f"Extra{name}": value for name, value in where.items()}
    stage.manager("Redirect", **both, **where, **extra)
    stage.sleep(1)
    second = stage.person("1002").call(ROOM).until_talking()
    stage.sleep(2)
    first.hang_up()
    talk_then_hang_up(stage, anna)
    second.hang_up()


def desks_meet(stage: Stage) -> None:
    first = stage.person("1001").call(ROOM).until_talking()
    stage.sleep(1)
    second = stage.person("1002").call(ROOM).until_talking()
    stage.sleep(1)
    third = stage.person("1003").call(ROOM).until_talking()
    stage.sleep(2)
    for line in (first, second, third):
        line.hang_up()


def mixed_in_phone(stage: Stage) -> None:
    """The phone itself lets both callers hear each other: Asterisk sees two calls."""
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    second, _ = reaches(stage, "1001", "1002", "1002")
    first.unhold()
    stage.sleep(2)
    second.hang_up()
    stage.sleep(1)
    anna.hang_up()


CONFERENCES = (
    Scenario(
        name="operator-joins-caller-and-colleague-by-key-and-leaves-them",
        people=(ANNA, "1001", "1002"),
        script=joined_by_key,
        truth=(
            annas_call(
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                talk_seconds=8.0 + KEYING,
                hold_seconds=DIALLING + 3.0 + KEYING,
                last_speaker=SECOND,
                legs=(
                    leg(NETWORK, "caller", talk=6.0, hold=DIALLING + 3.0 + KEYING),
                    leg(FIRST, talk=6.0 + KEYING, hold=UNHEARD),
                    leg(SECOND, talk=6.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-takes-the-caller-into-a-conference-with-a-colleague",
        people=(ANNA, "1001", "1002"),
        script=taken_into_room,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST, SECOND),
                talk_seconds=6.0,
                last_speaker=SECOND,
                transfers=(TransferTruth(kind="blind", by=FIRST, to=ROOM),),
                legs=(
                    leg(NETWORK, "caller", talk=5.0),
                    leg(FIRST, talk=2.0),
                    leg(FIRST, "other", talk=4.0),
                    leg(SECOND, "other", talk=3.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="another-program-moves-a-live-call-into-a-conference",
        people=(ANNA, "1001", "1002"),
        script=moved_into_room,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST, SECOND),
                talk_seconds=7.0,
                last_speaker=SECOND,
                legs=(
                    leg(NETWORK, "caller", talk=7.0),
                    leg(FIRST, talk=5.0),
                    leg(SECOND, "other", talk=4.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="three-desks-meet-in-a-conference-room",
        people=("1001", "1002", "1003"),
        script=desks_meet,
        truth=(
            Truth(
                direction="internal",
                number="1001",
                name="Operator 1",
                dialed=ROOM,
                answered_by=(SECOND, THIRD),
                wait_seconds=1.0,
                talk_seconds=3.0,
                legs=(
                    leg(FIRST, "caller", talk=3.0),
                    leg(SECOND, "other", talk=3.0),
                    leg(THIRD, "other", talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-mixes-two-calls-in-the-phone",
        people=(ANNA, "1001", "1002"),
        script=mixed_in_phone,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST,),
                talk_seconds=5.0,
                hold_seconds=3.0,
                last_speaker=FIRST,
                transfers=(),
                legs=(leg(NETWORK, "caller", talk=5.0, hold=3.0), leg(FIRST, talk=5.0, hold=3.0)),
            ),
            first_calls_second(
                rang=(SECOND,),
                answered_by=(SECOND,),
                talk_seconds=4.0,
                hold_seconds=0.0,
                last_speaker=SECOND,
                transfers=(),
                legs=(leg(FIRST, "caller", talk=4.0), leg(SECOND, talk=4.0)),
            ),
        ),
    ),
)
