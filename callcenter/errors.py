"""What a use case says when it cannot do what was asked: which field, and words for people."""

from __future__ import annotations


class ProductError(Exception):
    """`field` names the input at fault ('' for the whole request); `message` says what and why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message


class NotFound(ProductError):  # noqa: N818 (the names are what the doors map to answers)
    """It does not exist, or not for this user."""


class Invalid(ProductError):  # noqa: N818
    """The input cannot be accepted as it is."""


class Conflict(ProductError):  # noqa: N818
    """Somebody else changed it first, or it exists already."""


class Forbidden(ProductError):  # noqa: N818
    """This user may not do that."""


class Unavailable(ProductError):  # noqa: N818
    """The database is busy, away or not reachable in time; trying again later is right."""
