"""Mails of alerts: refused and tried again, and never too many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.channels.mail import SendFailed
from callcenter.queries import alerts as queries
from callcenter.services import alert_mails
from tests.support.alerts import WAITING, Centre, found, supervisor
from tests.support.store import Store


@pytest.fixture
def centre(store: Store) -> Centre:
    return found(store)


def test_a_mail_server_that_refuses_is_told_and_tried_again(centre: Centre) -> None:
    centre.desk.create(replace(WAITING, mails=("lead@example.com",)))
    centre.waits("17")
    centre.look(centre.watch())
    centre.refuses = [
        SendFailed("the mail server said 550: no", lasting=True),
        SendFailed("the mail server is away (timeout)", lasting=False),
    ]
    alert_mails.send_mails(centre, centre.room)
    assert problems(centre) == [("the mail server is away (timeout)", True)]
    assert not alert_mails.send_mails(centre, centre.room)
    centre.store.clock.pass_by(61)
    alert_mails.send_mails(centre, centre.room)
    assert problems(centre) == [("the mail server said 550: no", False)]
    with centre.store.engine.connect() as connection:
        (mail,) = queries.mail_problems(connection)
    alert_mails.retry_mail(mail.id, supervisor(centre.store), centre.room)
    alert_mails.send_mails(centre, centre.room)
    assert problems(centre) == []
    assert len(centre.sent) == 1


def problems(centre: Centre) -> list[tuple[str, bool]]:
    with centre.store.engine.connect() as connection:
        return [(one.error, one.next_at is not None) for one in queries.mail_problems(connection)]


def test_a_threshold_that_swings_fills_no_mailbox(centre: Centre) -> None:
    centre.desk.create(replace(WAITING, mails=("lead@example.com",)))
    watch = centre.watch()
    for _ in range(20):
        centre.waits("17")
        centre.look(watch)
        centre.waits()
        centre.look(watch)
    alert_mails.send_mails(centre, centre.room)
    alert_mails.send_mails(centre, centre.room)
    assert len(centre.sent) == 30


def test_a_mail_is_in_the_words_that_are_kept_with_its_threshold(centre: Centre) -> None:
    words = {"texts": {"Amber": "Żółty", "Where": "Gdzie"}, "decimal": ","}
    mailed = replace(WAITING, mails=("lead@example.com",), words=words)
    threshold_id = centre.desk.create(mailed)
    with centre.store.engine.connect() as connection:
        assert queries.threshold(connection, threshold_id) == replace(mailed, id=threshold_id)
    centre.waits("17")
    centre.look(centre.watch())
    alert_mails.send_mails(centre, centre.room)
    (mail,) = centre.sent
    assert mail.subject == "Żółty: Callers who wait (Support) 1"
    assert "\nGdzie: Support\n" in mail.text
