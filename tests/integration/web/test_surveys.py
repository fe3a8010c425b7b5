"""Surveys as pages: made and changed, what is refused beside which field, the report whose numbers
open the answers, and the page that a caller opens from a link.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from callcenter.services import survey_answers
from callcenter.services.survey_answers import SurveyRoom, asking
from callcenter.surveys.links import digest, new_token
from tests.support.web import MARKUP, Browser, World

GOOD = {
    "title": "After a call", "language": "en", "text-0-en": "How was it?", "kind-0": "score",
    "text-1-en": "Was it solved?", "kind-1": "yesno", "comment": "yes", "queues": ["support"],
    "ways": ["keys"], "every_nth": "1", "quiet_days": "0", "delay_minutes": "5",
    "valid_hours": "72", "active": "yes",
}  # fmt: skip


class Asked:
    """A survey that is on, and links to it."""

    def __init__(self, world: World, boss: Browser) -> None:
        self.world = world
        answer = boss.post("/surveys", GOOD)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        self.path = answer.headers["Location"]
        self.id = int(self.path.rpartition("/")[2])

    @property
    def room(self) -> SurveyRoom:
        made = self.world.runtime
        return SurveyRoom(unit_of_work=made.unit_of_work, publisher=made.bus, clock=made.clock)

    def link(self, language: str = "en", hours: float = 1) -> str:
        """Somebody is sent one after a call."""
        token = new_token(self.world.runtime.settings.secret_key)
        now = self.world.runtime.clock.now()
        with self.world.runtime.unit_of_work() as uow:
            survey = uow.surveys.get(self.id)
            assert survey is not None
            talk = survey_answers.Talked(
                call_id=f"pbx/{token}",
                pbx="pbx",
                interaction_id=0,
                customer_id=None,
                operator_id=self.world.users["operator1"],
                number="+48601234567",
                queue="support",
            )
            told = {"way": "sms", "token_digest": digest(token), "language": language}
            expires = {"expires_at": now + timedelta(hours=hours)}
            uow.surveys.ask({**asking(survey, talk, now), **told, **expires})
            uow.commit()
        return f"/survey/{token}"


@pytest.fixture
def asked(world: World, supervisor: Browser) -> Asked:
    return Asked(world, supervisor)


def test_what_is_wrong_with_a_survey_is_said_beside_its_field(supervisor: Browser) -> None:
    assert "No survey yet" in supervisor.text("/surveys")
    wrong = {**GOOD, "text-0-en": "", "text-1-en": "", "queues": [], "every_nth": "0"}
    answer = supervisor.post("/surveys", {**wrong, "ways": ["keys", "sms"]})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("Ask at least one question.", "Choose a queue", "From 1 to 1000.", "SMS_URL"):
        assert words in text
    assert 'aria-describedby="every_nth-error"' in text


def test_a_survey_is_made_changed_switched_off_and_not_deleted_once_it_has_answers(
    asked: Asked, supervisor: Browser
) -> None:
    assert "After a call" in supervisor.text("/surveys")
    twice = supervisor.post("/surveys", {**GOOD, "title": "Second"})
    assert "asked by “After a call” already" in twice.get_data(as_text=True)
    assert supervisor.post(asked.path, {**GOOD, "title": MARKUP}).status_code == 302
    assert MARKUP not in supervisor.text(asked.path)
    assert supervisor.post(f"{asked.path}/active", {"active": "no"}).status_code == 302
    assert "Switch on" in supervisor.text(asked.path)
    asked.link()
    assert supervisor.post(f"{asked.path}/delete").status_code == 409
    assert "How was it?" in supervisor.text(f"{asked.path}/edit")


def test_a_caller_answers_by_a_link_once_and_the_report_opens_it(
    app: Flask, asked: Asked, supervisor: Browser, operator: Browser
) -> None:
    link, caller = asked.link("pl"), Browser(app)
    page = caller.get(link)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'lang="pl"' in text
    assert "+48601234567" not in text
    assert "Anna" not in text
    token = re.search(r'csrf_token" value="([^"]+)"', text)
    assert token is not None
    form = {"csrf_token": token[1]}
    assert caller.client.post(link, data=form).status_code == 422
    said = {**form, "answer-0": "2", "answer-1": "1", "comment": MARKUP}
    assert caller.client.post(link, data=said).status_code == 200
    assert caller.client.post(link, data=said).status_code == 404
    assert caller.get(link).status_code == 404
    (opened,) = set(
        re.findall(r'href="(/surveys/[^"]*score=any[^"]*)"', supervisor.text("/surveys"))
    )
    assert "2/5" in supervisor.text(opened.replace("&amp;", "&"))
    report = supervisor.text(asked.path)
    assert MARKUP not in report
    assert "2/5" in report
    assert "of 1 answer, from 1 to 5" in report
    assert "No such answer." in supervisor.text(f"{asked.path}?score=high")
    assert "2/5" in supervisor.text(f"{asked.path}?score=low&queue=support")
    assert "2/5" in operator.text("/surveys/mine")
    assert "of 1 answers" in operator.text("/profile")
    assert operator.get(asked.path).status_code == 403


def test_a_link_that_is_over_or_never_was_ours_says_nothing(
    app: Flask, asked: Asked, world: World
) -> None:
    caller = Browser(app)
    old = asked.link(hours=-1)
    never = f"/survey/{new_token(world.runtime.settings.secret_key)}"
    texts = {caller.text(one) for one in (old, never, "/survey/x", f"/survey/{'a' * 200}")}
    assert len(texts) == 1
    assert "This link is over" in texts.pop()


def test_links_are_limited(app: Flask, asked: Asked) -> None:
    app.config["SURVEY_LIMIT"] = "2 per minute"
    link, caller = asked.link(), Browser(app)
    answers = [caller.get(link).status_code for _ in range(4)]
    assert answers[-1] == 429
