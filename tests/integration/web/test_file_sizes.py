"""How large a file is, in the words and numbers of whoever looks."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.support.web import Browser, World
from web.presentation import file_size

SIZES = (0, 1, 3, 999, 1_000, 257_000, 1_530_000, 999_960, 2_000_000_000, 1_500 * 10**12)


TOLD = {
    "en": "0 bytes, 1 byte, 3 bytes, 999 bytes, 1 kB, 257 kB, 1.5 MB, 1 MB, 2 GB, 1,500 TB",
    "pl": "0 bajtów, 1 bajt, 3 bajty, 999 bajtów, 1 kB, 257 kB, 1,5 MB, 1 MB, 2 GB, 1 500 TB",
    "ru": "0 байт, 1 байт, 3 байта, 999 байт, 1 кБ, 257 кБ, 1,5 МБ, 1 МБ, 2 ГБ, 1 500 ТБ",
}


@pytest.mark.parametrize("locale", TOLD)
def test_a_size_is_told_in_the_language_of_the_page(app: Flask, locale: str) -> None:
    with app.test_request_context("/"), force_locale(locale):
        told = ", ".join(file_size(one) for one in SIZES)
    assert told.replace("\xa0", " ") == TOLD[locale]


def test_a_customers_files_say_how_large_they_are(operator: Browser, world: World) -> None:
    customer = world.customers["Maria Kowalska"]
    operator.post("/profile", {"locale": "ru", "time_zone": "Europe/Warsaw", "theme": "system"})
    file = (io.BytesIO(b"x" * 1_500), "offer.pdf")
    answer = operator.post(f"/customers/{customer}/files", {"file": file})
    assert answer.status_code in {200, 302}
    assert "1,5 кБ" in operator.text(f"/customers/{customer}/files").replace("\xa0", " ")
