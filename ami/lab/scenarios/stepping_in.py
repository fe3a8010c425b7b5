"""What supervisors do from the screen to calls of others; the product's own hand carries it out."""

from __future__ import annotations

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    RING,
    TALK,
    THIRD,
    anna_reaches,
    annas_call,
    channel_of,
    leg,
    take,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import ANNA, NAMES, SUPPORT, Scenario, Truth
from ami.lab.scenarios.people import spy
from ami.lab.softphones import Line
from ami.lab.stage import Stage

HAND = 0.2


def steps_in(stage: Stage, mode: str) -> Line:
    """1003 steps into what 1001 speaks on."""
    first, network = channel_of(stage, FIRST), channel_of(stage, NETWORK)
    ringing = stage.crm_soon("step_in", THIRD, channel=first, far=network, mode=mode)
    line = stage.person("1003").ringing().answer()
    ringing.result()
    return line


def listens_and_goes(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    third = steps_in(stage, "listen")
    stage.sleep(1)
    third.hang_up()
    talk_then_hang_up(stage, anna)


def listens_and_takes_over(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    third = steps_in(stage, "listen")
    stage.sleep(1)
    channels = {"channel": channel_of(stage, FIRST), "far": channel_of(stage, NETWORK)}
    stage.crm("take_over", mine=channel_of(stage, THIRD), **channels)
    first.until_over()
    stage.sleep(TALK)
    third.hang_up()
    anna.until_over()


def takes_over_at_once(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    steps_in(stage, "take_over")
    first.until_over()
    talk_then_hang_up(stage, anna)


def called_up_from_the_queue(stage: Stage) -> None:
    anna = stage.person(ANNA).call(SUPPORT).until_talking()
    by_the_queue = stage.person("1003").ringing()
    stage.sleep(TALK)
    stage.crm("pull", channel=channel_of(stage, NETWORK), to="1003")
    by_the_queue.until_over()
    take(stage, "1003")
    talk_then_hang_up(stage, anna)


def taken_over(before: float, after: float, hangup_by: str) -> Truth:
    return annas_call(
        rang=(FIRST,),
        answered_by=(FIRST, THIRD),
        talk_seconds=before + after,
        hangup_by=hangup_by,
        transfers=(),
        last_speaker=THIRD,
        legs=(
            leg(NETWORK, "caller", talk=before + after),
            leg(FIRST, talk=before),
            leg(THIRD, talk=after),
        ),
    )


STEPPING_IN = (
    Scenario(
        name="supervisor-listens-by-a-button-and-is-no-party-to-the-call",
        people=(ANNA, "1001", "1003"),
        script=listens_and_goes,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST,),
                talk_seconds=2 * TALK + 1 + HAND,
                transfers=(),
                last_speaker=FIRST,
                legs=(
                    leg(NETWORK, "caller", talk=2 * TALK + 1 + HAND),
                    leg(FIRST, talk=2 * TALK + 1 + HAND),
                    spy(THIRD),
                ),
            ),
        ),
    ),
    Scenario(
        name="supervisor-listens-and-takes-the-call-over",
        people=(ANNA, "1001", "1003"),
        script=listens_and_takes_over,
        truth=(taken_over(TALK + 1 + 1.5 * HAND, TALK, "callee"),),
    ),
    Scenario(
        name="supervisor-takes-a-call-over-at-once",
        people=(ANNA, "1001", "1003"),
        script=takes_over_at_once,
        truth=(taken_over(TALK + HAND, TALK, "caller"),),
    ),
    Scenario(
        name="waiting-caller-is-called-up-by-a-supervisor",
        people=(ANNA, "1003"),
        script=called_up_from_the_queue,
        truth=(
            Truth(
                number=ANNA,
                name=NAMES[ANNA],
                dialed=SUPPORT,
                queues=("support",),
                rang=(THIRD, THIRD),
                answered_by=(THIRD,),
                wait_seconds=TALK + HAND + RING,
                talk_seconds=TALK,
                transfers=(),
                last_speaker=THIRD,
            ),
        ),
    ),
)
