"""What mailboxes, mail servers and carriers may be named as; secrets stay out of every error."""

from __future__ import annotations

import pytest

from callcenter.settings import Settings
from callcenter.settings_channels import parse_mail_server, parse_mailboxes, parse_sms
from callcenter.settings_forms import SettingsError


def test_several_mailboxes_are_read_each_into_its_queue() -> None:
    one, two = parse_mailboxes(
        "MAIL_IMAP_URL",
        "imaps://desk%40example.com:p%20w@mail.example.com/Sales?queue=sales, "
        "imap://help:x@127.0.0.1:1143?account=help@example.com",
    )
    assert (one.user, one.password, one.port, one.folder, one.queue) == (
        "desk@example.com",
        "p w",
        993,
        "Sales",
        "sales",
    )
    assert one.account == "desk@example.com"
    assert (two.account, two.folder, two.tls, two.local) == (
        "help@example.com",
        "INBOX",
        False,
        True,
    )
    assert "p w" not in repr(one)


@pytest.mark.parametrize(
    "text",
    [
        "https://u:hidden@h",
        "imaps://host-alone",
        "imaps://u:hidden@h:0",
        "imaps://u:hidden@h:99999",
        "imaps://u:hidden@h?colour=red",
        "imaps://u:hidden@h,imaps://u:hidden@h",
    ],
)
def test_what_is_no_mailbox_is_refused_without_its_secret(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_mailboxes("MAIL_IMAP_URL", text)
    assert "hidden" not in str(refused.value)


def test_mail_servers_and_carriers() -> None:
    assert parse_mail_server("MAIL_SMTP_URL", "smtps://u:p@h").port == 465
    assert parse_mail_server("MAIL_SMTP_URL", "smtp://h").port == 587
    assert parse_sms("SMS_URL", "file:///var/spool/sms?queue=sales").queue == "sales"
    assert parse_sms("SMS_URL", "https://:s@h/send").url == "https://h/send"
    for text in ("https://h/send", "http://:s@h/send", "ftp://:s@h", "file:///"):
        with pytest.raises(SettingsError):
            parse_sms("SMS_URL", text)


def test_who_sends_needs_an_address_to_send_from() -> None:
    with pytest.raises(SettingsError, match="MAIL_FROM"):
        Settings.from_env({"MAIL_SMTP_URL": "smtp://localhost"})
    with pytest.raises(SettingsError, match="SMS_FROM"):
        Settings.from_env({"SMS_URL": "file:///tmp/sms"})
    told = Settings.from_env({"MAIL_IMAP_URL": "imaps://a%40b.cd:secret-one@h"})
    assert told.mail_from == "a@b.cd"
    assert "secret-one" not in repr(told)
