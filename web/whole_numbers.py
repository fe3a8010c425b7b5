"""Whole numbers as addresses and forms bring them: one that no database keeps is none."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

LARGEST = 2**63 - 1


def whole_number(text: str) -> int:
    """For `request.args.get(…, type=whole_number)`. Raises ValueError."""
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(text)
    return number


class _InAddress(IntegerConverter):
    """`<int:…>`: an address with a larger number leads nowhere."""

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        if number > LARGEST:
            raise ValidationError
        return number


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = _InAddress
