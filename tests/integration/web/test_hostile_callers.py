"""Names and numbers that callers may send, from the call's record through the database to pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.support.call_records import call_record
from tests.support.hostile import values
from tests.support.web import Browser, World

MANY = 400


class Tags(HTMLParser):
    """Every element of a page, and every attribute of each."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def foreign(text: str) -> list[tuple[str, dict[str, str | None]]]:
    """What no template of ours writes."""
    page = Tags()
    page.feed(text)
    return [
        (tag, attributes)
        for tag, attributes in page.found
        if (tag == "script" and not {"src", "type"} & attributes.keys())
        or (tag == "img" and attributes.get("src") == "x")
        or any(name.startswith("on") for name in attributes)
        or (attributes.get("href") or "").startswith("javascript:")
    ]


def test_what_callers_call_themselves_is_text_on_every_page(
    world: World, supervisor: Browser
) -> None:
    now, names = world.runtime.clock.now(), [one for one in values(MANY) if one.isprintable()]
    world.tell(
        *(
            call_record(
                f"pbx/{n}",
                pbx="pbx",
                started_at=now,
                caller_number=name,
                caller_name=name,
                dialed=name,
                trunk="PJSIP/trunk",
                result="missed",
                live=False,
                ended_at=now,
                legs=(),
            )
            for n, name in enumerate(names)
        )
    )
    with world.runtime.reader() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM interactions").scalar_one()
        ids = connection.exec_driver_sql("SELECT min(id), max(id) FROM interactions").one()
    assert kept == len(names)
    paths = ["/interactions", "/live", "/missed"]
    paths += [f"/interactions/{n}" for n in range(ids[0], ids[1], max(1, len(names) // 12))]
    for path in paths:
        assert foreign(supervisor.text(path)) == [], path
    assert re.search(r"&lt;script&gt;|&lt;img", supervisor.text("/interactions?limit=100")) or names
