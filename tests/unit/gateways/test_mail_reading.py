"""Mails as they come: wrong charsets, HTML alone, bombs, bounces, machines; nothing breaks the
reader, nothing is let through unbounded."""

from __future__ import annotations

import base64
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.channels.mail import MOST_FILES
from callcenter.gateways.mail_reading import Unreadable, read_mail
from callcenter.gateways.mail_text import text_of_html

HEAD = b"From: Maria <maria@example.org>\r\nTo: desk@example.com\r\nMessage-ID: <1@x>\r\n"


def mail(body: bytes, *headers: bytes) -> bytes:
    return HEAD + b"".join(one + b"\r\n" for one in headers) + b"\r\n" + body


def test_the_plain_text_is_read_and_ids_are_kept() -> None:
    read = read_mail(
        mail(b"hello\r\nworld", b"Subject: Hi", b"In-Reply-To: <0@x>", b"References: <r@x> <0@x>")
    )
    assert (read.text, read.subject, read.sender, read.sender_name) == (
        "hello\nworld",
        "Hi",
        "maria@example.org",
        "Maria",
    )
    assert (read.in_reply_to, read.references) == (("<0@x>",), ("<r@x>", "<0@x>"))
    assert not read.automatic


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        (b"iso-8859-2", "Żółć".encode("iso-8859-2")),
        (b"windows-1251", "Привет".encode("windows-1251")),
        (b"no-such-charset", "Żółć".encode()),
        (b"us-ascii", "Żółć".encode()),
    ],
)
def test_a_named_charset_that_is_wrong_does_not_hide_the_text(
    charset: bytes, encoded: bytes
) -> None:
    read = read_mail(mail(encoded, b"Content-Type: text/plain; charset=" + charset))
    assert read.text in ("Żółć", "Привет")


def test_subjects_in_any_encoding_are_words() -> None:
    subject = b"Subject: =?utf-8?b?" + base64.b64encode("Zażalenie".encode()) + b"?= =?x?q?a?="
    assert read_mail(mail(b"", subject)).subject.startswith("Zażalenie")


def test_html_is_read_as_text_without_what_runs_or_loads() -> None:
    html = (
        "<html><head><style>p{}</style></head><body><p>Hello <b>you</b></p>"
        "<script>alert(1)</script><img src='http://spy/1.gif'>"
        "<a href='https://shop.example/'>shop</a><br>Bye</body></html>"
    )
    text = text_of_html(html)
    assert "Hello you" in text
    assert "shop (https://shop.example/)" in text
    for hidden in ("alert", "spy", "p{}"):
        assert hidden not in text


def test_files_are_kept_by_their_own_name_and_never_a_path() -> None:
    composed = EmailMessage()
    composed["From"] = "a@b.cd"
    composed.set_content("see")
    composed.add_attachment(b"x", maintype="text", subtype="html", filename="../../etc/p\\x.html")
    (file,) = read_mail(composed.as_bytes(policy=SMTP)).files
    assert (file.name, file.content) == ("x.html", b"x")


def test_many_files_are_bounded_and_what_is_left_out_is_named() -> None:
    composed = EmailMessage()
    composed["From"] = "a@b.cd"
    composed.set_content("see")
    for number in range(MOST_FILES + 5):
        composed.add_attachment(b"x", maintype="a", subtype="b", filename=f"{number}.bin")
    read = read_mail(composed.as_bytes(policy=SMTP))
    assert len(read.files) == MOST_FILES
    assert len(read.left_out) == 5


def test_parts_inside_parts_without_end_are_refused() -> None:
    body = b"x"
    for depth in range(60):
        edge = f"e{depth}".encode()
        body = (
            b"Content-Type: multipart/mixed; boundary="
            + edge
            + b"\r\n\r\n--"
            + edge
            + b"\r\n"
            + body
            + b"\r\n--"
            + edge
            + b"--\r\n"
        )
    with pytest.raises(Unreadable):
        read_mail(HEAD + body)


def test_a_bounce_names_what_was_not_delivered() -> None:
    report = (
        b"--e\r\nContent-Type: text/plain\r\n\r\nSorry\r\n"
        b"--e\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        b"Final-Recipient: rfc822; who@example.net\r\nAction: failed\r\n"
        b"Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        b"--e\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@x>\r\n\r\nhi\r\n--e--\r\n"
    )
    head = b"Content-Type: multipart/report; report-type=delivery-status; boundary=e"
    read = read_mail(mail(report, head))
    assert read.bounced == ("<ours@x>",)
    assert "no such user" in read.bounce_reason
    delayed = read_mail(mail(report.replace(b"failed", b"delayed"), head))
    assert delayed.bounced == ()


@pytest.mark.parametrize("header", [b"Auto-Submitted: auto-replied", b"Precedence: bulk"])
def test_machines_are_known_for_what_they_are(header: bytes) -> None:
    assert read_mail(mail(b"away", header)).automatic
    assert not read_mail(mail(b"here", b"Auto-Submitted: no")).automatic


def test_a_mail_without_an_id_has_the_same_one_each_time() -> None:
    raw = b"From: a@b.cd\r\n\r\nx"
    assert read_mail(raw).message_id == read_mail(raw).message_id


@given(st.binary(max_size=2_000))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    with suppress(Unreadable):
        read_mail(b"From: a@b.cd\r\nContent-Type: multipart/mixed; boundary=e\r\n" + raw)


@given(st.text(max_size=500))
def test_no_html_breaks_the_reader(html: str) -> None:
    text_of_html(html)


def nested(mails: int) -> bytes:
    inner = b"Content-Type: message/rfc822\r\n\r\n" * mails
    return mail(inner + b"hi", b"Content-Type: message/rfc822", b"Content-Disposition: attachment")


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"(" * 15_000 + b" maria@example.org\r\n\r\nhi",
        mail(b"x", b"Content-Type: application/pdf; name*" + b"9" * 5_000 + b"*=x"),
        mail(b"x", b"Date: Mon, 31 Dec 9999 23:00:00 -2300"),
        nested(310),
        nested(900),
        mail(b"--b\r\n\r\nx\r\n" * 100_000, b"Content-Type: multipart/mixed; boundary=b"),
        mail(b"x", *(b"X-%d: y" % one for one in range(100_000))),
    ],
    ids=["parens", "continuations", "date", "deep", "deeper", "parts", "headers"],
)
def test_a_mail_made_to_break_the_parser_is_read_or_set_aside(raw: bytes) -> None:
    with suppress(Unreadable):
        assert read_mail(raw).text in ("hi", "x", "")


@pytest.mark.parametrize("charset", [b"utf-7", b"unicode_escape", b"raw_unicode_escape"])
def test_no_charset_smuggles_in_what_no_database_takes(charset: bytes) -> None:
    text = b"+2AA- \\ud800 x"
    read = read_mail(
        mail(
            text,
            b"Content-Type: text/plain; charset=" + charset,
            b"Subject: =?" + charset + b"?q?+2AA-=5Cud800?=",
        )
    )
    assert (read.text + read.subject).encode()


@pytest.mark.parametrize("charset", [b"punycode", b"idna"])
def test_a_charset_that_is_none_costs_no_time(charset: bytes) -> None:
    body = b"xn--" + b"a" * 100_000 + b"-" + b"9" * 100_000
    read = read_mail(mail(body, b"Content-Type: text/plain; charset=" + charset))
    assert read.text.startswith("xn--aaa")


@pytest.mark.parametrize("piece", ["<a ", "</", "<!--", "<?", "<a a='", "<a b=c ", "<![CDATA["])
def test_tags_that_never_end_cost_no_time(piece: str) -> None:
    assert "the end" in text_of_html(f"{piece * 100}the end") or piece == "<!--"
    text_of_html(piece * 300_000)


def test_a_mail_of_comments_and_declarations_says_what_a_reader_would_see() -> None:
    html = "<!DOCTYPE html><!-- no --><p>a &lt; b<br>1 < 2</p><![if mso]>c<![endif]><!-- never ends"
    assert text_of_html(html) == "a < b\n1 < 2\nc"
