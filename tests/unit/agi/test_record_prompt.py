"""Recording a prompt by phone: what nobody kept does not stay on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agi_scripts.record_prompt import RecordPromptScript
from agi_scripts.request import AgiRequest
from agi_scripts.wire import AGIHangup
from callcenter.services import prompts as services

CODE = "12345678"


class _Pool:
    async def run(self, work: Callable[[], Any], seconds: float) -> Any:
        return work()


class _Book:
    async def of_prompt(self, key: str, language: str) -> str:
        return key

    def seconds(self, file: str) -> float:
        return 1.0


class Phone:
    """Speaks, then presses `key`; '' hangs up while the take is played."""

    hung_up = False

    def __init__(self, folder: Path, key: str) -> None:
        self.request = AgiRequest("record-prompt", {"code": CODE}, {})
        self.take = folder / "takes" / f"{CODE}.wav"
        self._key = key

    async def set_autohangup(self, seconds: int) -> None:
        pass

    async def record_file(self, file: str, seconds: float) -> None:
        assert file == f"/there/takes/{CODE}"
        self.take.write_bytes(b"spoken")

    async def stream_file(self, file: str, escape: str = "") -> str:
        if not file.startswith("/there/"):
            return ""
        if not self._key:
            raise AGIHangup
        return self._key


@pytest.mark.parametrize(("key", "kept"), [("1", [b"spoken"]), ("", [])])
def test_no_take_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, kept: list[bytes]
) -> None:
    found: list[bytes] = []
    monkeypatch.setattr(services, "asked", lambda *_, **__: object())
    monkeypatch.setattr(services, "keep_recording", lambda _, content, **__: found.append(content))
    settings = SimpleNamespace(prompts_folder=tmp_path, prompts_there="/there")
    runtime = SimpleNamespace(settings=settings, unit_of_work=None, clock=None, sounds=None)
    script: Any = RecordPromptScript(
        runtime=runtime,  # type: ignore[arg-type]
        prompts=_Book(),  # type: ignore[arg-type]
        pool=_Pool(),  # type: ignore[arg-type]
        language="en",
    )
    phone = Phone(tmp_path, key)
    if key:
        asyncio.run(script(phone))
    else:
        with pytest.raises(AGIHangup):
            asyncio.run(script(phone))
    assert found == kept
    assert not phone.take.exists()
