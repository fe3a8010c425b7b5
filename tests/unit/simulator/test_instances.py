"""A recording played again is the same calls, with nothing of the old ids in it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ami.simulator.instance import Cast, Instance, Mint
from ami.simulator.library import FOLDER
from tests.support.simulator import LIBRARY, alike, ids_in, names, record_of

starts = st.floats(1.5e9, 2.5e9).map(lambda moment: round(moment, 3))
digits = st.integers(10**8, 10**9 - 1)
callers = st.tuples(
    digits.map(lambda number: f"+48{number}"),
    st.text("abcdefgżółćЖшщя ", min_size=2, max_size=12).map(lambda name: f"Q{name.strip()}"),
)
operators = st.lists(st.integers(3000, 3999), min_size=3, max_size=3, unique=True).map(
    lambda extensions: tuple((str(one), f"Person {one}") for one in extensions)
)
quietly = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def played(name: str, mint: Mint, start: float, cast: Cast, speed: float = 1.0) -> list[bytes]:
    instance = Instance(LIBRARY[name], mint, start, speed, cast)
    return [raw for _, raw in instance.messages()]


@quietly
@given(names, starts, callers, operators)
def test_an_instance_makes_the_same_record_as_the_recording(
    tmp_path_factory, name, start, caller, people
):
    recording = LIBRARY[name]
    cast = Cast(outsiders=(caller,) if recording.outsiders else (), operators=people)
    stream = b"".join(played(name, Mint("pbx1", 7), start, cast))
    parts = [*zip(people, recording.operators, strict=False)]
    parts += [*zip(cast.outsiders, recording.outsiders, strict=False)]
    back = {fresh: old for new, recorded in parts for fresh, old in zip(new, recorded, strict=True)}
    folder = tmp_path_factory.mktemp("replay")

    original = record_of((FOLDER / name / "ami.txt").read_bytes(), folder, {})

    again = record_of(stream, folder, {new: old for new, old in back.items() if new})
    if recording.outsiders and not recording.outsiders[0][1]:
        # Nobody's name was recorded, so nobody's name is played.
        assert caller[1] not in stream.decode()
    assert alike(again, original), (again, original)


@quietly
@given(names, names, starts)
def test_two_instances_never_share_an_id(one, other, start):
    mint = Mint("pbx1")
    first = ids_in(b"".join(played(one, mint, start, Cast())).decode())
    second = ids_in(b"".join(played(other, mint, start, Cast())).decode())
    assert first
    assert not first & second


@quietly
@given(names, starts)
def test_no_id_of_the_recording_is_played_again(name, start):
    recorded = ids_in((FOLDER / name / "ami.txt").read_text("utf-8"))
    fresh = ids_in(b"".join(played(name, Mint("pbx1", 10**6), start, Cast())).decode())
    assert not recorded & fresh


@quietly
@given(names, st.floats(0.1, 50), starts)
def test_speed_changes_the_times_and_nothing_else(name, speed, start):
    instance = Instance(LIBRARY[name], Mint("p"), start, speed)
    offsets = [offset for offset, _ in instance.messages()]
    assert offsets == sorted(offsets)
    assert abs(offsets[-1] - LIBRARY[name].duration / speed) < 1e-6


def test_a_hidden_caller_stays_hidden():
    hidden = [one for one in LIBRARY if not one.outsiders and one.entry[0] == "from-trunk"]
    for recording in hidden:
        if "hidden" not in recording.name:
            continue
        cast = Cast(outsiders=(("+48601000001", "Jan"),))
        assert b"+48601000001" not in b"".join(played(recording.name, Mint("p"), 1.8e9, cast))
