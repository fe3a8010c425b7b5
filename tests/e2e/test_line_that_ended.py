"""The phone in a page is told to do something with a line that has just ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from web.assets import manifest

pytestmark = pytest.mark.browser
LATE = """async () => {
    const settings = { url: "ws://127.0.0.1:9/ws", name: "1001", domain: "pbx", expires: 60 };
    const phone = callcenterPhone.make(settings, {}, () => {}, () => {});
    phone.mute("line1", true);
    phone.dtmf("line1", "5");
    await phone.hold("line1", true);
    const word = (act) => act.then(() => "done", (problem) => problem.message);
    return [await word(phone.transfer("line1", "1002")), await word(phone.join("line1", "line2"))];
}"""


def test_a_line_that_has_just_ended_is_left_alone_and_nobody_is_handed_over(
    visit: Callable, address: str
) -> None:
    page = visit()
    page.add_script_tag(url=f"{address}/static/dist/{manifest()['phone.js']}")
    assert page.evaluate(LATE) == ["gone", "gone"]
    assert page.complaints == []
