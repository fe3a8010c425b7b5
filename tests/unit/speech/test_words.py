"""Numbers, amounts, dates and times as people say them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import speech
from callcenter.speech.money import CURRENCIES
from callcenter.speech.numbers import MAX_NUMBER

LOCALES = st.sampled_from(speech.LOCALES)


def said(words):
    return " ".join(words)


@pytest.mark.parametrize(
    ("locale", "minor", "currency", "words"),
    [
        ("en", 100, "PLN", "one zloty"),
        ("en", 123456, "EUR", "one thousand two hundred and thirty four euros and fifty six cents"),
        ("en", 5, "PLN", "five groszy"),
        ("en", -150, "USD", "minus one dollar and fifty cents"),
        ("ru", 100, "RUB", "один рубль"),
        ("ru", 220002, "RUB", "две тысячи двести рублей две копейки"),
        ("ru", 2101, "RUB", "двадцать один рубль одна копейка"),
        ("ru", 1111, "RUB", "одиннадцать рублей одиннадцать копеек"),
        ("ru", 2200, "UAH", "двадцать две гривны"),
        ("ru", 10100, "PLN", "сто один злотый"),
        ("pl", 100, "PLN", "jeden złoty"),
        ("pl", 200, "PLN", "dwa złote"),
        ("pl", 500, "PLN", "pięć złotych"),
        ("pl", 1200, "PLN", "dwanaście złotych"),
        ("pl", 2100, "PLN", "dwadzieścia jeden złotych"),
        ("pl", 2202, "PLN", "dwadzieścia dwa złote dwa grosze"),
        ("pl", 200, "UAH", "dwie hrywny"),
        ("pl", 100, "EUR", "jedno euro"),
        ("pl", 100_000, "PLN", "tysiąc złotych"),
        ("pl", 150, "SEK", "jeden es e ka pięćdziesiąt"),
    ],
)
def test_an_amount_is_said_with_its_currency_in_the_right_form(locale, minor, currency, words):
    assert said(speech.amount(minor, currency, locale)) == words


@pytest.mark.parametrize(
    ("locale", "day", "words"),
    [
        ("en", date(2026, 5, 3), "the third of May twenty twenty six"),
        ("en", date(2026, 12, 31), "the thirty first of December twenty twenty six"),
        ("ru", date(2026, 5, 3), "третьего мая две тысячи двадцать шестого года"),
        ("ru", date(2030, 10, 22), "двадцать второго октября две тысячи тридцатого года"),
        ("pl", date(2026, 5, 3), "trzeciego maja dwa tysiące dwudziestego szóstego roku"),
        ("pl", date(2032, 2, 2), "drugiego lutego dwa tysiące trzydziestego drugiego roku"),
    ],
)
def test_a_date_stands_in_the_genitive(locale, day, words):
    assert said(speech.date(day, locale)) == words


@pytest.mark.parametrize(
    ("locale", "moment", "words"),
    [
        ("en", time(9, 5), "nine oh five A M"),
        ("en", time(12), "noon"),
        ("en", time(0, 30), "twelve thirty A M"),
        ("ru", time(21, 21), "двадцать один час двадцать одну минуту"),
        ("ru", time(1, 2), "один час две минуты"),
        ("ru", time(20), "двадцать часов"),
        ("pl", time(21, 30), "dwudziestej pierwszej trzydzieści"),
        ("pl", time(9, 5), "dziewiątej zero pięć"),
        ("pl", time(0), "zerowej"),
    ],
)
def test_a_time_is_said_as_it_follows_at(locale, moment, words):
    assert said(speech.clock(moment, locale)) == words


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ["one minute", "two minutes", "twenty one minutes", "twenty two minutes"]),
        ("ru", ["одна минута", "две минуты", "двадцать одна минута", "двадцать две минуты"]),
        (
            "pl",
            ["jedna minuta", "dwie minuty", "dwadzieścia jeden minut", "dwadzieścia dwie minuty"],
        ),
    ],
)
def test_minutes_are_feminine_where_they_are(locale, words):
    assert [said(speech.minutes(value, locale)) for value in (1, 2, 21, 22)] == words


def test_one_waits_for_a_minute_in_the_accusative():
    assert said(speech.minutes(21, "ru", accusative=True)) == "двадцать одну минуту"
    assert said(speech.minutes(1, "pl", accusative=True)) == "jedną minutę"


def test_digits_are_read_as_they_are_dialled():
    assert said(speech.digits("+48 501-007", "en")) == "four eight five zero one zero zero seven"


def test_thousands_bend_in_all_their_forms():
    assert said(speech.number(2000, "ru")) == "две тысячи"
    assert said(speech.number(21_000, "ru")) == "двадцать одна тысяча"
    assert said(speech.number(5000, "pl")) == "pięć tysięcy"
    assert said(speech.number(21_000, "pl")) == "dwadzieścia jeden tysięcy"
    assert said(speech.number(1, "pl", "f")) == "jedna"
    assert said(speech.number(1001, "pl", "f")) == "tysiąc jeden"
    assert said(speech.number(31, "ru", "n")) == "тридцать одно"


@given(LOCALES, st.integers(-MAX_NUMBER, MAX_NUMBER), st.sampled_from("mfn"))
def test_every_number_is_made_of_words_that_have_a_sound(locale, value, gender):
    assert set(speech.number(value, locale, gender)) <= set(speech.vocabulary(locale))


@given(
    LOCALES, st.integers(-MAX_NUMBER * 100, MAX_NUMBER * 100), st.sampled_from([*CURRENCIES, "SEK"])
)
def test_every_amount_is_made_of_words_that_have_a_sound(locale, minor, currency):
    assert set(speech.amount(minor, currency, locale)) <= set(speech.vocabulary(locale))


@pytest.mark.parametrize("locale", speech.LOCALES)
def test_every_date_of_ten_years_and_every_minute_is_made_of_words_that_have_a_sound(locale):
    known = set(speech.vocabulary(locale))
    days = (date(2024, 1, 1) + timedelta(days=count) for count in range(3653))
    moments = (time(*divmod(minute, 60)) for minute in range(24 * 60))
    assert {word for day in days for word in speech.date(day, locale)} <= known
    assert {word for moment in moments for word in speech.clock(moment, locale)} <= known


@pytest.mark.parametrize("locale", speech.LOCALES)
def test_every_number_of_a_block_has_its_words(locale):
    """By blocks, since a number is its thousands and its rest: all of both are tried."""
    known = set(speech.vocabulary(locale))
    for value in (
        *range(1000),
        *range(1000, 1_000_000, 1000),
        *range(10**6, 10**9, 997 * 10**6 // 999),
    ):
        assert set(speech.number(value, locale)) <= known, value


def test_no_number_is_too_large_in_silence():
    with pytest.raises(ValueError, match="too large"):
        speech.number(MAX_NUMBER + 1, "en")


@pytest.mark.parametrize("locale", speech.LOCALES)
def test_every_built_in_prompt_is_said_in_every_language(locale):
    assert [key for key, texts in speech.BUILTIN.items() if not texts.get(locale, "").strip()] == []
