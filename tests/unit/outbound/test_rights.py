"""Who may dial what: by role, by country, by the hour."""

import pytest

from callcenter.outbound.rights import OutboundRight, is_internal, prefixes_of, refusal

ANYWHERE = OutboundRight(role="operator")
POLAND = OutboundRight(role="operator", prefixes=("+48",), per_hour=2)


@pytest.mark.parametrize("number", ["1002", "701", "851", "*81002", "*8701"])
def test_inside_everybody_may_call(number):
    nobody = OutboundRight(role="operator", allowed=False)
    assert refusal(number, nobody, 1_000) is None
    assert is_internal(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "+",
        "+48",
        "48501501501x",
        "*97",
        "*511001",
        "*0",
        "1",
        "123456789",
        "+48 501",
        "+0123456",
    ],
)
def test_what_is_neither_ours_nor_e164_is_no_number(number):
    assert refusal(number, ANYWHERE, 0) == "bad_number"


def test_a_role_may_be_kept_inside():
    assert (
        refusal("+48501501501", OutboundRight(role="operator", allowed=False), 0) == "not_allowed"
    )
    assert refusal("+48501501501", None, 0) == "not_allowed"


def test_a_role_may_be_kept_to_some_countries_and_to_so_many_an_hour():
    assert refusal("+49301234567", POLAND, 0) == "prefix"
    assert refusal("+48501501501", POLAND, 1) is None
    assert refusal("+48501501501", POLAND, 2) == "per_hour"
    assert refusal("+49301234567", ANYWHERE, 10_000) is None


def test_prefixes_are_read_as_people_write_them():
    assert prefixes_of("+48, +44 20;\n+48") == ("+48", "+4420")
    assert prefixes_of(" ") == ()
    for wrong in ("48", "+", "00 48", "+48x"):
        with pytest.raises(ValueError, match=r".+"):
            prefixes_of(wrong)
