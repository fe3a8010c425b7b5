"""Names that others typed, in a terminal."""

from __future__ import annotations

import json

from callcenter.commands.terminal import escaped, harmless


def test_no_name_moves_the_cursor_or_turns_the_writing() -> None:
    assert harmless("Anna Łąka Игорь") == "Anna Łąka Игорь"
    assert harmless("a\x1b[2Jb\x9bc\u202ed\r\n") == "a\ufffd[2Jb\ufffdc\ufffdd\ufffd\ufffd"


def test_json_is_the_same_to_a_program() -> None:
    told = {"key": "Игорь \x9b \u202e \U000e0001 \ud800"}
    document = escaped(json.dumps(told, ensure_ascii=False))
    assert "Игорь" in document
    assert not any(one in document for one in "\x9b\u202e\U000e0001\ud800")
    assert json.loads(document) == told
