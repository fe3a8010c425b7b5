"""The forwarder sends what the CRM has not, and keeps nothing itself."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ami.ledger import forward
from ami.ledger.forward import Follower, Forwarder, Piece, RefusedError

LINES = "".join(f"line {number}\n" for number in range(100)).encode()


@dataclass
class FakeCrm:
    """Holds what was sent; `troubles` come before the next answers."""

    files: dict[str, bytes] = field(default_factory=dict)
    newest: str = ""
    troubles: list[Exception] = field(default_factory=list)
    after: bool = False
    """The trouble comes when the bytes are here already."""

    def position(self) -> tuple[str, int]:
        self._trouble()
        return self.newest, len(self.files.get(self.newest, b""))

    def send(self, piece: Piece) -> int:
        if not self.after:
            self._trouble()
        known = self.files.setdefault(piece.file_id, b"")
        self.newest = piece.file_id
        if piece.offset == len(known):
            self.files[piece.file_id] = known + piece.data
        if self.after:
            self._trouble()
        return len(self.files[piece.file_id])

    def _trouble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)

    @property
    def text(self) -> bytes:
        return b"".join(self.files.values())


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Follower, "grace", 0.0)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "callcenter.csv"
    path.write_bytes(LINES)
    return path


def run(ledger: Path, crm: FakeCrm, steps: int = 20) -> list[float]:
    """A forwarder that begins now; the waits it asks for."""
    forwarder = Forwarder(Follower(str(ledger)), crm)  # type: ignore[arg-type]
    return [forwarder.step() for _ in range(steps)]


def test_the_whole_ledger_is_sent(ledger: Path) -> None:
    crm = FakeCrm()
    run(ledger, crm)
    assert crm.text == LINES


def test_only_whole_lines_are_sent(ledger: Path) -> None:
    crm = FakeCrm()
    with ledger.open("ab") as file:
        file.write(b"half a line")
    run(ledger, crm)
    assert crm.text == LINES
    with ledger.open("ab") as file:
        file.write(b" and its end\n")
    run(ledger, crm)
    assert crm.text == LINES + b"half a line and its end\n"


def test_another_forwarder_goes_on_where_the_crm_says(ledger: Path) -> None:
    crm = FakeCrm()
    run(ledger, crm)
    old = ledger.rename(ledger.with_name("callcenter.csv.1"))
    with old.open("ab") as file:
        file.write(b"the last of the old file\n")
    ledger.write_bytes(b"the first of the new one\n")
    run(ledger, crm)
    assert crm.text == LINES + b"the last of the old file\nthe first of the new one\n"


def test_what_the_crm_took_and_could_not_say_is_not_sent_twice(ledger: Path) -> None:
    crm = FakeCrm(troubles=[TimeoutError()], after=True)
    waits = run(ledger, crm)
    assert crm.text == LINES
    assert waits[0] > 0


def test_a_crm_that_is_away_is_waited_for_ever_longer(ledger: Path) -> None:
    crm = FakeCrm(troubles=[ConnectionRefusedError() for _ in range(12)])
    waits = run(ledger, crm, 12)
    assert waits[0] <= 1.0 < waits[5]
    assert all(wait <= 60.0 for wait in waits)
    run(ledger, crm)
    assert crm.text == LINES


def test_a_refusal_is_said_and_tried_again_later(
    ledger: Path, caplog: pytest.LogCaptureFixture
) -> None:
    crm = FakeCrm(troubles=[RefusedError("HTTP 403 Forbidden")] * 3)
    run(ledger, crm, 3)
    said = [record.message for record in caplog.records]
    assert said == ["the CRM refuses (HTTP 403 Forbidden): look at token and address"]


def test_what_the_crm_has_of_a_file_we_do_not_know_is_left_to_it(ledger: Path) -> None:
    """The PBX was made anew, and its old ledger is gone."""
    crm = FakeCrm(files={"another": b"old\n"}, newest="another")
    run(ledger, crm)
    assert crm.text == b"old\n" + LINES


@pytest.mark.parametrize(
    "address", ["http://crm.example/api/v1/ledger/pbx1", "crm.example", "ftp://crm.example/"]
)
def test_a_token_goes_over_no_open_line(
    address: str, ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        forward.main(["--file", str(ledger), "--to", address, "--token-file", "/dev/null"])
    assert "https://" in capsys.readouterr().err


def test_an_empty_token_is_refused_at_once(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = "https://crm.example/api/v1/ledger/pbx1"
    with pytest.raises(SystemExit):
        forward.main(["--file", str(ledger), "--to", to, "--token-file", "/dev/null"])
    assert "holds no token" in capsys.readouterr().err


def test_it_is_one_file_of_the_standard_library_for_old_pythons() -> None:
    tree = ast.parse(Path(forward.__file__).read_text("utf-8"), feature_version=(3, 7))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
