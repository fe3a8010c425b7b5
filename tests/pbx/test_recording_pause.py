"""A recording of a real Asterisk is paused and goes on, and what was said between is not in it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ami.lab import LabPbx
from ami.lab.softphones import SoftPhone, desk_of, outsider
from callcenter.calls.record import CallRecord, SoundFile
from tests.pbx.control_desk import ANNA, ControlDesk, control_desk
from tests.support.lab import MakeLab
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]


@pytest.fixture
def pbx(make_lab: MakeLab) -> LabPbx:
    pytest.importorskip("pjsua2")
    return make_lab(record=True)


@pytest.fixture
def desk(pbx: LabPbx, sqlite_url: str, tmp_path: Path) -> Iterator[ControlDesk]:
    folders = (("", pbx.recordings),)
    with control_desk(pbx, sqlite_url, tmp_path, recordings=folders) as made:
        yield made


def sounds(record: CallRecord) -> list[SoundFile]:
    return [sound for leg in record.legs for sound in leg.recordings]


def stored(desk: ControlDesk, call_id: str) -> CallRecord:
    with desk.world.runtime.unit_of_work() as uow:
        record = uow.calls.get(call_id)
    assert record is not None
    return record


def size(pbx: LabPbx) -> int:
    return sum(path.stat().st_size for path in pbx.recordings.iterdir())


def grown(pbx: LabPbx, seconds: float) -> None:
    """Until the recording is that much longer."""
    more = size(pbx) + int(seconds * 16_000)
    wait_until(lambda: size(pbx) >= more, timeout=seconds + 15)


def _even(data: bytes) -> bytes:
    return data[: len(data) // 2 * 2]


def until_heard(pbx: LabPbx) -> None:
    """Until from now on something loud has been kept."""
    (path,), before = pbx.recordings.iterdir(), size(pbx) // 2 * 2

    def loud() -> bool:
        samples = array("h", _even(path.read_bytes()[before:]))
        return bool(samples) and max(samples) > 3000

    wait_until(loud)


def test_what_is_said_in_a_pause_is_not_in_the_file(desk: ControlDesk, pbx: LabPbx) -> None:
    operator = desk.browser()
    with SoftPhone(desk_of(pbx, "1001")) as phone, SoftPhone(outsider(pbx, ANNA)) as anna:
        calling = anna.call("+48221000101")
        line = phone.ringing().answer()
        calling.until_talking()
        line.until_talking()
        call = desk.talking()
        wait_until(lambda: sounds(stored(desk, call.id)))
        line.sing()
        until_heard(pbx)
        answer = operator.post("/recordings/pause", {"call_id": call.id})
        assert answer.status_code == 202, answer.text
        (command,) = answer.json["commands"]
        wait_until(lambda: [one["ok"] for one in desk.told if one["id"] == command] == [True])
        grown(pbx, 2.5)
        assert operator.post("/recordings/resume", {"call_id": call.id}).status_code == 202
        until_heard(pbx)
        line.hang_up()
        calling.until_over()
    wait_until(lambda: not stored(desk, call.id).live)
    (sound,) = sounds(stored(desk, call.id))
    ((begun, ended),) = sound.pauses
    assert ended is not None
    assert 1.5 <= (ended - begun).total_seconds() < 10
    with desk.world.runtime.unit_of_work() as uow:
        interaction = uow.interactions.identified([call.id])[call.id].id
    drawn = operator.get(f"/recordings/{interaction}/1/peaks").json
    ((since, until),) = drawn["pauses"]
    peaks, per_second = drawn["peaks"], len(drawn["peaks"]) / drawn["seconds"]

    def loudest(start: float, end: float) -> int:
        return max(peaks[round(start * per_second) : round(end * per_second)])

    assert loudest(since + 0.5, until - 0.5) == 0
    assert loudest(0, since) > 2
    assert loudest(until, drawn["seconds"]) > 2
    head = {"Range": "bytes=0-43"}
    piece = operator.get(f"/recordings/{interaction}/1", headers=head, buffered=True)
    assert (piece.status_code, piece.data[:4]) == (206, b"RIFF")


def test_it_goes_on_by_itself_though_nobody_asks_any_more(
    desk: ControlDesk, pbx: LabPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callcenter.services.recordings.PAUSE", timedelta(seconds=1))
    with SoftPhone(desk_of(pbx, "1001")) as phone, SoftPhone(outsider(pbx, ANNA)) as anna:
        calling = anna.call("+48221000101")
        line = phone.ringing().answer()
        calling.until_talking()
        call = desk.talking()
        wait_until(lambda: sounds(stored(desk, call.id)))
        desk.browser().post("/recordings/pause", {"call_id": call.id})
        wait_until(
            lambda: (
                [one["action"] for one in desk.told if one["ok"]]
                == ["mute_recording", "unmute_recording"]
            )
        )
        line.hang_up()
        calling.until_over()
    wait_until(lambda: not stored(desk, call.id).live)
    ((_, ended),) = sounds(stored(desk, call.id))[0].pauses
    assert ended is not None
