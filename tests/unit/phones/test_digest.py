"""The answer to a challenge is what the RFCs' own examples say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.phones.digest import Challenge, digest_response

RFC_2617 = Challenge(
    realm="testrealm@host.com",
    nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
    method="GET",
    uri="/dir/index.html",
    qop="auth",
    nc="00000001",
    cnonce="0a4f113b",
)
RFC_7616 = Challenge(
    realm="http-auth@example.org",
    nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    method="GET",
    uri="/dir/index.html",
    qop="auth",
    nc="00000001",
    cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
)
RFC_2069 = Challenge(
    realm="testrealm@host.com",
    nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
    method="GET",
    uri="/dir/index.html",
)


@pytest.mark.parametrize(
    ("challenge", "password", "expected"),
    [
        (RFC_2617, "Circle Of Life", "6629fae49393a05397450978507c4ef1"),
        (RFC_7616, "Circle of Life", "8ca523f5e9506fed4657c9700eebdbec"),
        (
            replace(RFC_7616, algorithm="SHA-256"),
            "Circle of Life",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
        # RFC 2617's example in the form without qop; the value was computed with openssl.
        (RFC_2069, "Circle Of Life", "670fd8c2df070c60b045671b8b24ff02"),
    ],
    ids=["RFC 2617", "RFC 7616 MD5", "RFC 7616 SHA-256", "RFC 2069"],
)
def test_the_response_is_the_one_of_the_rfc(
    challenge: Challenge, password: str, expected: str
) -> None:
    assert digest_response(challenge, "Mufasa", password) == expected


@pytest.mark.parametrize("change", [{"algorithm": "SHA-512-256"}, {"qop": "auth-int"}])
def test_what_we_do_not_speak_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        digest_response(replace(RFC_2617, **change), "Mufasa", "Circle Of Life")
