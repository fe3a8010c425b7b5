"""Which cards are likely one person's."""

from __future__ import annotations

import pytest

from callcenter.duplicates.keys import bones, name_keys
from callcenter.duplicates.likeness import LIKELY, Likened, liken

MARIA = Likened(
    id=1,
    name="Maria Kowalska",
    city="Kraków",
    organization_ids=frozenset({7}),
    phones=frozenset({"+48221234567"}),
    points=frozenset({("email", "maria@nowak.example")}),
)


def with_(**values: object) -> Likened:
    return Likened(id=2, **values)  # type: ignore[arg-type]


def test_the_same_number_under_a_name_of_the_same_sound_is_nearly_certain() -> None:
    found = liken(MARIA, with_(name="Мария Ковальска", phones=MARIA.phones))
    assert found.score >= 85
    assert found.reasons == ("phone", "name")


def test_the_same_number_under_another_name_is_no_proof() -> None:
    assert liken(MARIA, with_(name="Piotr Zieliński", phones=MARIA.phones)).score < LIKELY


def test_a_card_made_of_a_number_alone_is_asked_about() -> None:
    found = liken(MARIA, with_(name="+48 22 123 45 67", phones=MARIA.phones))
    assert found.score >= LIKELY
    assert found.reasons == ("phone",)


def test_the_same_mail_is_asked_about_whatever_the_number() -> None:
    assert liken(MARIA, with_(name="M. Kowalska", points=MARIA.points)).score >= 80


@pytest.mark.parametrize("beside", [{"city": "krakow"}, {"organization_ids": frozenset({7})}])
def test_a_name_needs_something_beside_it(beside: dict[str, object]) -> None:
    assert liken(MARIA, with_(name="Maria Kowalska", **beside)).score >= LIKELY
    assert liken(MARIA, with_(name="Maria Kowalska", city="Łódź")).score < LIKELY
    assert liken(MARIA, with_(name="Maria Kowalska"), rare=True).score >= LIKELY


def test_likeness_is_the_same_from_both_sides() -> None:
    other = with_(name="Kowalska", city="Kraków", phones=MARIA.phones)
    assert liken(MARIA, other) == liken(other, MARIA)


def test_spellings_of_a_name_have_the_same_bones() -> None:
    assert bones("Ковальский Юрий") == bones("Jurij Kowalski") == bones("Yuri Kovalsky")
    assert bones("+48 22 123 45 67") == ()


def test_cards_share_a_key_when_a_name_and_something_beside_it_agree() -> None:
    mine = set(name_keys("Maria Kowalska", [7], "Kraków"))
    assert mine & set(name_keys("Ковальска Мария", [7], ""))
    assert mine & set(name_keys("Marya Kovalska", [], "krakow"))
    assert not mine & set(name_keys("Anna Nowak", [7], "Kraków"))
    assert name_keys("+48 22 123 45 67", [7], "Kraków") == ()
