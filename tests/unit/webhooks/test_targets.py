"""Where a webhook may point, and that nothing inside our own network can be reached by one."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.errors import Invalid
from callcenter.webhooks.target import allowed_addresses, parse_target


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://example.com/hook", "example.com", 443, "/hook"),
        ("http://example.com", "example.com", 80, "/"),
        ("https://example.com:8443/a?b=c#d", "example.com", 8443, "/a?b=c"),
        ("https://[2001:db8::1]/x", "2001:db8::1", 443, "/x"),
    ],
)
def test_a_web_address_is_taken_apart(url: str, host: str, port: int, path: str) -> None:
    target = parse_target(url)
    assert (target.host, target.port, target.path) == (host, port, path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/hook",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@example.com/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://example.com/a b",
        "https://example.com/\r\nHost: other",
        "https://[::1/",
        "https://exämple.com/",
        f"https://example.com/{'a' * 2000}",
    ],
)
def test_what_is_no_plain_web_address_is_refused_in_words(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_target(url)
    assert refused.value.field == "url"
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_an_address_inside_is_never_reached(address: str) -> None:
    assert allowed_addresses([address]) == ()


def test_one_inside_address_among_several_forbids_the_name() -> None:
    assert allowed_addresses(["93.184.215.14", "127.0.0.1"]) == ()
    assert allowed_addresses(["93.184.215.14", "2606:2800:21f:cb07::1"]) != ()
    assert allowed_addresses([]) == ()


def test_a_network_of_our_own_may_be_named() -> None:
    ours = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert allowed_addresses(["10.1.2.3"], ours) == ("10.1.2.3",)
    assert allowed_addresses(["fd00::1"], ours) == ("fd00::1",)
    assert allowed_addresses(["10.2.0.1"], ours) == ()
    assert allowed_addresses(["127.0.0.1"], ours) == ()


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_in_ipv6_changes_nothing(address: object) -> None:
    plain = bool(allowed_addresses([str(address)]))
    assert bool(allowed_addresses([f"::ffff:{address}"])) == plain


@given(st.text(max_size=60))
def test_any_text_is_taken_or_refused_never_more(text: str) -> None:
    try:
        target = parse_target(text)
    except Invalid:
        return
    assert target.host
    assert target.path.startswith("/")
