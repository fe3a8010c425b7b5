"""A real file is renamed, packed, cut and taken away under the follower's feet: no byte is lost
that the disk still holds, none is read twice.
"""

from __future__ import annotations

import gzip
import os
import random
import shutil
from pathlib import Path

import pytest

from ami.ledger.forward import HEAD, Follower, identity


def write(path: Path, *lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def read(follower: Follower, limit: int = 50) -> str:
    """Everything that can be read now."""
    found, idle = b"", 0
    while idle < 3:
        piece = follower.read(limit)
        idle = idle + 1 if piece is None else 0
        found += piece.data if piece is not None else b""
    return found.decode()


def again(follower: Follower) -> Follower:
    """Another process, from where this one has come to."""
    return Follower(follower.path, follower.file_id, follower.offset)


def rotate(path: Path, number: int = 1) -> Path:
    other = path.with_name(f"{path.name}.{number}")
    path.rename(other)
    return other


def pack(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    stat = path.stat()
    os.utime(packed, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    path.unlink()
    return packed


def test_what_is_appended_is_read_once(ledger: Path) -> None:
    write(ledger, "a1", "a2")
    follower = Follower(str(ledger))
    assert read(follower) == "a1\na2\n"
    write(ledger, "a3")
    assert read(follower) == "a3\n"


def test_a_file_that_is_not_there_yet_is_waited_for(ledger: Path) -> None:
    follower = Follower(str(ledger))
    assert read(follower) == ""
    assert "No such file" in follower.words
    write(ledger, "a1")
    assert read(follower) == "a1\n"
    assert follower.words == ""


def test_a_first_file_that_is_rotated_before_it_was_seen_is_read_first(ledger: Path) -> None:
    follower = Follower(str(ledger))
    assert read(follower) == ""
    write(ledger, "a1")
    rotate(ledger)
    write(ledger, "b1")
    assert read(follower) == "a1\nb1\n"


def test_what_was_rotated_before_the_first_look_is_history(ledger: Path) -> None:
    write(ledger, "a1")
    os.utime(rotate(ledger), (1.0, 1.0))
    write(ledger, "b1")
    assert read(Follower(str(ledger))) == "b1\n"


def test_a_folder_that_is_not_there_is_waited_for_too(tmp_path: Path) -> None:
    follower = Follower(str(tmp_path / "nowhere" / "cel.csv"))
    assert read(follower) == ""
    assert follower.words


def test_a_first_line_that_is_not_whole_is_waited_for(ledger: Path) -> None:
    ledger.write_text("a1 and no end")
    follower = Follower(str(ledger))
    assert read(follower) == ""
    write(ledger, "")
    assert read(follower) == "a1 and no end\n"


def test_after_a_rename_the_old_file_is_read_to_its_end_first(ledger: Path) -> None:
    write(ledger, "a1")
    follower = Follower(str(ledger))
    assert read(follower) == "a1\n"
    write(ledger, "a2")
    old = rotate(ledger)
    write(old, "a3 by one who had it open")
    write(ledger, "b1")
    assert read(follower) == "a2\na3 by one who had it open\nb1\n"


def test_a_renamed_file_is_read_on_while_no_new_one_is_there(ledger: Path) -> None:
    write(ledger, "a1")
    follower = Follower(str(ledger))
    read(follower)
    write(rotate(ledger), "a2")
    assert read(follower) == "a2\n"
    ledger.touch()
    assert read(follower) == ""
    write(ledger, "b1")
    assert read(follower) == "b1\n"


def test_a_rotated_file_stays_open_for_a_moment(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Follower, "grace", 3600.0)
    write(ledger, "a1")
    follower = Follower(str(ledger))
    old = rotate(ledger)
    write(ledger, "b1")
    follower.go_to(identity(old.read_bytes()), 0)
    assert read(follower) == "a1\n"
    write(old, "a2")
    assert read(follower) == "a2\n"


def test_three_rotations_while_nobody_looked_are_made_good(ledger: Path) -> None:
    write(ledger, "a1")
    follower = Follower(str(ledger))
    read(follower)
    write(ledger, "a2")
    first = rotate(ledger, 3)
    write(ledger, "b1")
    second = rotate(ledger, 2)
    write(ledger, "c1")
    third = rotate(ledger, 1)
    write(ledger, "d1")
    for number, path in enumerate((first, second, third)):
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    pack(first)
    pack(second)
    assert read(again(follower)) == "a2\nb1\nc1\nd1\n"


def test_names_with_a_date_are_older_files_too(ledger: Path) -> None:
    write(ledger, "a1")
    follower = Follower(str(ledger))
    read(follower)
    write(ledger, "a2")
    ledger.rename(ledger.with_name("callcenter.csv-20261122"))
    write(ledger, "b1")
    assert read(follower) == "a2\nb1\n"


def test_a_packed_file_is_read_from_the_middle(ledger: Path) -> None:
    write(ledger, *(f"a{number:05}" for number in range(1000)))
    follower = Follower(str(ledger))
    first = follower.read(1000)
    assert first is not None
    pack(rotate(ledger))
    write(ledger, "b1")
    whole = first.data.decode() + read(follower, 999)
    assert whole == "".join(f"a{number:05}\n" for number in range(1000)) + "b1\n"


def test_a_file_that_is_being_packed_is_waited_for(ledger: Path) -> None:
    write(ledger, "a1")
    follower = Follower(str(ledger))
    read(follower)
    write(ledger, "a2")
    old = rotate(ledger)
    packed = old.with_name(f"{old.name}.gz")
    packed.write_bytes(gzip.compress(old.read_bytes())[:12])
    write(ledger, "b1")
    assert read(follower) == "a2\nb1\n"


def test_after_copytruncate_the_copy_is_read_to_its_end_first(ledger: Path) -> None:
    write(ledger, "a1")
    follower = Follower(str(ledger))
    read(follower)
    write(ledger, "a2")
    shutil.copyfile(ledger, ledger.with_name("callcenter.csv.1"))
    os.truncate(ledger, 0)
    assert read(follower) == "a2\n"
    write(ledger, "b1", "b2 which makes it longer than it was")
    assert read(follower) == "b1\nb2 which makes it longer than it was\n"


def test_a_file_that_was_emptied_and_filled_again_is_another(ledger: Path) -> None:
    write(ledger, "a1")
    follower = Follower(str(ledger))
    read(follower)
    os.truncate(ledger, 0)
    write(ledger, "b1", "b2")
    assert read(follower) == "b1\nb2\n"
    assert follower.gone == 1


def test_a_file_that_became_shorter_is_read_on_from_its_end(ledger: Path) -> None:
    write(ledger, "a1", "a2", "a3")
    follower = Follower(str(ledger))
    read(follower)
    os.truncate(ledger, 6)
    assert read(follower) == ""
    write(ledger, "a4")
    assert read(follower) == "a4\n"
    assert follower.cut == 1


def test_a_file_that_is_taken_away_is_counted_and_the_next_one_read(ledger: Path) -> None:
    write(ledger, "a1")
    follower = Follower(str(ledger))
    read(follower)
    ledger.unlink()
    assert read(follower) == ""
    write(ledger, "b1")
    assert read(follower) == "b1\n"
    assert follower.gone == 1


def test_a_reinstalled_pbx_begins_another_file(ledger: Path) -> None:
    write(ledger, "a1", "a2")
    follower = Follower(str(ledger))
    read(follower)
    shutil.rmtree(ledger.parent)
    assert read(follower) == ""
    ledger.parent.mkdir()
    write(ledger, "c1")
    assert read(again(follower)) == "c1\n"


def test_titles_do_not_make_two_files_one() -> None:
    titles = b'"eventtype","eventtime"\n'
    assert identity(titles) == ""
    assert identity(titles + b"a1") == ""
    assert identity(titles + b"a1\n") != identity(titles + b"b1\n")


def test_the_name_of_a_file_does_not_change_as_it_grows() -> None:
    line = b"x" * (2 * HEAD) + b"\n"
    assert identity(line[:HEAD]) == identity(line[: HEAD + 1][:HEAD]) != ""
    assert identity(line[: HEAD - 1]) == ""
    assert identity(b"a\nb\nc") == identity(b"a\nb\n" + b"d" * HEAD)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_rotates_when_every_line_is_read_once_and_in_order(
    ledger: Path, seed: int
) -> None:
    """Appending, renaming and packing at random moments; now and then another process reads on."""
    rng = random.Random(seed)
    write(ledger, "line 0")
    follower, number, files = Follower(str(ledger)), 1, 0
    found = read(follower)
    for _ in range(150):
        what = rng.random()
        if what < 0.6:
            write(ledger, *(f"line {number + n}" for n in range(rng.randrange(1, 9))))
            number = _highest(ledger) + 1
        elif what < 0.7 and ledger.exists() and ledger.stat().st_size:
            files += 1
            old = rotate(ledger, files)
            if rng.random() < 0.3:
                pack(old)
        elif what < 0.8:
            follower = again(follower)
        else:
            piece = follower.read(rng.randrange(1, 60))
            found += piece.data.decode() if piece is not None else ""
    found += read(follower)
    assert found.splitlines() == [f"line {n}" for n in range(number)]


def _highest(ledger: Path) -> int:
    return int(ledger.read_text().splitlines()[-1].split()[1])
