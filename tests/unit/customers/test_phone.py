"""Numbers as networks, people and files write them, and what they mean."""

from __future__ import annotations

import pytest

from callcenter.customers.phone import NumberPlan, PhoneNumber, format_for_people, parse_number


def parse(raw: str, region: str = "PL", **changes: object) -> PhoneNumber:
    return parse_number(raw, NumberPlan(region=region), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("region", "raw", "e164"),
    [
        ("PL", "22 123 45 67", "+48221234567"),
        ("PL", "(22) 123-45-67", "+48221234567"),
        ("PL", "48221234567", "+48221234567"),
        ("PL", "0048 22 123 45 67", "+48221234567"),
        ("PL", "+48 (0) 22 123 45 67", "+48221234567"),
        ("PL", "501 234 567", "+48501234567"),
        ("RU", "8 (916) 123-45-67", "+79161234567"),
        ("RU", "7 916 123 45 67", "+79161234567"),
        ("RU", "9161234567", "+79161234567"),
        ("RU", "810 48 22 123 45 67", "+48221234567"),
        ("GB", "+44 (0)20 7946 0018", "+442079460018"),
        ("GB", "020 7946 0018", "+442079460018"),
        ("IT", "+39 06 1234 5678", "+390612345678"),
        ("PL", "＋４８ ２２ １２３ ４５ ６７", "+48221234567"),
        ("PL", "+48\u00a022\u2011123\u201345\u201467", "+48221234567"),
    ],
)
def test_every_spelling_of_a_country_becomes_e164(region: str, raw: str, e164: str) -> None:
    assert parse(raw, region).e164 == e164


@pytest.mark.parametrize(
    ("region", "raw", "e164"),
    [
        ("PL", "0501234567", "+48501234567"),
        ("UA", "8 050 123 45 67", "+380501234567"),
        ("RU", "+8 916 123 45 67", "+79161234567"),
    ],
)
def test_a_prefix_that_is_abolished_or_misplaced_is_understood(
    region: str, raw: str, e164: str
) -> None:
    number = parse(raw, region)
    assert (number.e164, number.valid) == (e164, True)


@pytest.mark.parametrize(
    ("region", "raw", "e164"),
    [
        ("PL", "79161234567", "+79161234567"),
        ("RU", "48221234567", "+48221234567"),
        ("RU", "0048221234567", "+48221234567"),
        ("PL", "442079460018", "+442079460018"),
    ],
)
def test_a_lost_plus_is_found_where_the_number_is_too_long_for_home(
    region: str, raw: str, e164: str
) -> None:
    assert parse(raw, region).e164 == e164


@pytest.mark.parametrize(
    ("region", "raw"),
    [
        ("RU", "0048221234"),
        ("RU", "004822123456"),
        ("PL", "0501"),
        ("PL", "+8916"),
        ("PL", "+999123456789"),
        ("PL", "12345678"),
        ("RU", "1234567"),
        ("PL", "221234567890123"),
    ],
)
def test_what_cannot_be_one_number_is_unusable_or_short_but_never_a_wrong_number(
    region: str, raw: str
) -> None:
    number = parse(raw, region)
    assert number.e164 == ""
    assert number.kind in ("unusable", "short")


def test_an_ambiguous_german_number_is_left_to_a_rule_of_the_trunk() -> None:
    written = "4931123456"  # Norden, area code 4931; or, with the plus lost, +49 31 123456
    plain = NumberPlan(region="DE")
    with_rule = NumberPlan(region="DE", rewrite=((r"49(\d{8,})", r"+49\1"),))
    assert parse_number(written, plain).e164 == "+494931123456"
    assert parse_number(written, with_rule).e164 == "+4931123456"


def test_the_first_rule_of_a_trunk_that_fits_rewrites_the_number() -> None:
    plan = NumberPlan(region="PL", rewrite=((r"9(\d{9})", r"\1"), (r".*", "112")))
    assert parse_number("9221234567", plan).e164 == "+48221234567"


def test_a_number_of_home_in_an_unknown_range_is_kept_but_not_called_valid() -> None:
    number = parse("401234567", "PL")
    assert (number.e164, number.valid) == ("+48401234567", False)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "anonymous",
        "Anonymous",
        "<unknown>",
        "UNAVAILABLE",
        "Restricted",
        "asterisk",
        "+266696687",
        "sip:anonymous@anonymous.invalid",
        '"Anonymous" <sip:anonymous@anonymous.invalid>',
    ],
)
def test_a_hidden_number_is_withheld_whatever_the_network_calls_it(raw: str) -> None:
    assert parse(raw) == PhoneNumber("withheld", raw)


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("sip:+48221234567@trunk.example;user=phone", "+48221234567"),
        ("tel:+48-22-123-45-67", "+48221234567"),
        ('"Jan" <sip:221234567@10.0.0.1:5060;transport=udp>', "+48221234567"),
        ("sips:%2B48221234567@trunk.example", "+48221234567"),
        ("221234567@trunk", "+48221234567"),
    ],
)
def test_an_address_gives_its_user_part(raw: str, e164: str) -> None:
    assert parse(raw).e164 == e164


@pytest.mark.parametrize("digits", ["112", "999", "997"])
def test_an_emergency_number_is_never_an_extension(digits: str) -> None:
    assert parse(digits).kind == "short"


@pytest.mark.parametrize("region", ["RU", "UA"])
@pytest.mark.parametrize("digits", ["101", "102", "112"])
def test_russian_and_ukrainian_emergency_numbers_are_short(region: str, digits: str) -> None:
    assert parse(digits, region).kind == "short"


def test_an_extension_is_internal_only_where_one_is_allowed() -> None:
    assert parse("1001") == PhoneNumber("internal", "1001", digits="1001")
    assert parse("1001", internal_allowed=False).kind == "short"
    assert parse("+1001").kind == "unusable"


@pytest.mark.parametrize("code", ["*21*1001#", "#31#", "*98"])
def test_a_service_code_is_short(code: str) -> None:
    assert parse(code).kind == "short"


@pytest.mark.parametrize(
    "raw",
    ["0800 FLOWERS", "dial me", "22 123 45 67 or 68", "123+456", "٢٢١٢٣٤٥٦٧", "9" * 65, "1;drop"],
)
def test_letters_and_nonsense_are_no_number(raw: str) -> None:
    assert parse(raw).kind == "unusable"


@pytest.mark.parametrize(
    "raw",
    [
        "+48 22 123 45 67 wew. 12",
        "+48 22 123 45 67 ext. 12",
        "+48 22 123 45 67 ext=12",
        "+48221234567,12",
        "+48221234567x12",
        "+48 22 123 45 67 доб. 12",
        "+48221234567#12",
        "22 123 45 67 w. 12",
        "tel:+48221234567;ext=12",
    ],
)
def test_an_extension_is_kept_apart(raw: str) -> None:
    number = parse(raw)
    assert (number.e164, number.extension) == ("+48221234567", "12")


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+48221234567", "22 123 45 67"),
        ("+79161234567", "+7 916 123-45-67"),
        ("1001", "1001"),
        ("", ""),
    ],
)
def test_people_read_numbers_as_they_dial_them(e164: str, shown: str) -> None:
    assert format_for_people(e164, "PL") == shown
