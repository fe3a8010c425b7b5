"""A name has one key however it is spelled; words with errors share a rest with what was meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callcenter.finding.near import most_edits, variants
from callcenter.finding.spelling import spelling_key
from callcenter.finding.words import kept_words, vocabulary

LETTERS = "abcdefghijklmnoprstuvwyzабвгдежзийклмнопрстуфхцчшщъыьэюяёąęłńóśźżčšž"
WORDS = st.text(LETTERS, min_size=1, max_size=14)


@pytest.mark.parametrize(
    "spellings",
    [
        "Ковальский Kowalski Kovalsky Kovalskij Kovalʹskij KOWALSKI",
        "Чехов Chekhov Czechow Čehov Čechov",
        "Щербаков Shcherbakov Szczerbakow Scherbakov",
        "Пётр Петр Piotr Pyotr Petr",
        "Кузнецов Kuznetsov Kuzniecow Kuznecov",
        "Наталья Natalia Nataliya Natal’ya",
        "Соловьёв Solovyov Solovev Sołowjow",
        "Юлия Julia Yuliya Iuliia",
        "Чайковский Tchaikovsky Czajkowski Chaikovskii",
        "Хмелевский Chmielewski Khmelevskiy",
        "Жуков Zhukov Żukow",
        "Wiśniewski Вишневский Vishnevsky",
        "Łukaszenko Лукашенко Lukashenko",
        "Євген Yevhen",
    ],
)
def test_every_spelling_of_a_name_has_the_same_key(spellings: str) -> None:
    keys = {spelling_key(one) for one in spellings.split()}
    assert len(keys) == (2 if "Yevhen" in spellings else 1), keys


def test_different_names_keep_different_keys() -> None:
    names = [
        "Kowalski",
        "Kowal",
        "Kowalczyk",
        "Nowak",
        "Nowicki",
        "Novotny",
        "Ivanov",
        "Ivanova",
        "Petrov",
        "Sidorov",
    ]
    assert len({spelling_key(one) for one in names}) == len(names)


@example("\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL A}")
@example("\N{TRIPLE PRIME}")
@given(st.text(max_size=20))
def test_a_key_of_a_key_is_the_key(text: str) -> None:
    key = spelling_key(text)
    assert spelling_key(key) == key
    assert spelling_key(text.upper()) == spelling_key(text.upper().casefold())


def test_numbers_stay_as_they_are() -> None:
    assert spelling_key("2200") == "2200"


@given(st.lists(WORDS, max_size=6))
def test_what_is_kept_holds_each_word_and_its_key_once(names: list[str]) -> None:
    kept = kept_words(" ".join(names))
    assert len(kept) == len(set(kept))
    assert set(vocabulary(kept)) <= set(kept)
    assert all(spelling_key(one) in {*kept, ""} for one in kept)


def test_an_apostrophe_may_be_left_out() -> None:
    assert {"o", "connor", "oconnor", "okonor"} <= set(kept_words("Liam O'Connor"))


@st.composite
def words_with_errors(draw: st.DrawFn) -> tuple[str, str]:
    word = draw(st.text("abcdefghklmnoprstuvz", min_size=4, max_size=14))
    wrong = word
    for _ in range(draw(st.integers(1, most_edits(word)))):
        place = draw(st.integers(0, len(wrong) - 1))
        letter = draw(st.sampled_from("abcdefghklmnoprstuvz"))
        wrong = draw(
            st.sampled_from(
                [
                    wrong[:place] + wrong[place + 1 :],
                    wrong[:place] + letter + wrong[place:],
                    wrong[:place] + letter + wrong[place + 1 :],
                ]
            )
        )
    return word, wrong


@given(words_with_errors())
def test_a_word_with_errors_shares_a_rest_with_the_word_meant(pair: tuple[str, str]) -> None:
    word, wrong = pair
    if most_edits(wrong) >= most_edits(word):
        assert variants(word) & variants(wrong)


def test_short_words_and_numbers_are_believed_as_they_are() -> None:
    assert variants("jan") == variants("12345678") == frozenset()
