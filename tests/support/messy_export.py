"""A thousand customers as VtigerCRM gives them out after ten years of use: cp1250, dates in three
styles, numbers in five and without a country, quotes and line breaks in cells, people twice, and
ten rows that nobody could take. One of them is Ksenia, who will call from another number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tests.support.vtiger_file import HEADER

CUSTOMERS, AGAIN, BROKEN = 1000, 25, 10
ROWS = CUSTOMERS + AGAIN + BROKEN
HER_ID, HER_OFFICE = "CON500", "(22) 509 77 31"
_HERS = 500
_GIVEN = ("Żaneta", "Łukasz", "Michał", "Świętosława", "Jan", "Grażyna")
_FAMILY = ("Wójcik", "Żółkiewska", "Źrebiec", "Ćwik", "Dąbrowski", "Gęś", "Kowalski")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Of one row, what differs between good and bad ones."""

    number: int
    given: str
    family: str
    office: str = ""
    mobile: str = ""
    mail: str = ""
    born: str = ""
    owner: str = ""
    key: str


def contacts(owner: str) -> bytes:
    """`owner`: a user's name. Ksenia stands there twice, the second time without her number."""
    rows = [*map(_good, range(CUSTOMERS))]
    rows[700:700] = [_good(n) for n in range(0, 20 * (AGAIN - 1), 20)]
    rows.append(Cells(number=_HERS, given="Ksenia", family="Brzęczyszczykiewicz", key=HER_ID))
    for place, broken in enumerate(_broken()):
        rows.insert(60 * place + 33, broken)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_line(row, owner) for row in rows)
    return text.getvalue().encode("cp1250")


def _good(n: int) -> Cells:
    if n == _HERS:
        return Cells(
            number=n,
            given="Ksenia",
            family="Brzęczyszczykiewicz",
            office=HER_OFFICE,
            key=HER_ID,
        )
    mobile = f"{600100000 + n * 7}"
    spaced = f"{mobile[:3]} {mobile[3:6]} {mobile[6:]}"
    day, month, year = n % 28 + 1, n % 12 + 1, 1950 + n % 50
    return Cells(
        number=n,
        given=_GIVEN[n % 6],
        family=f"{_FAMILY[n % 7]}{n}",
        office=f"(22) {1000000 + n}" if n % 2 else "",
        mobile=(mobile, f"+48 {spaced}", f"0048{mobile}", spaced, mobile.replace("1", "1-", 1))[
            n % 5
        ],
        mail=f"k{n}@example.org" if n % 4 else "",
        born=(
            f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year}",
            f"{day}/{month}/{year}",
            "0000-00-00",
        )[n % 4],
        key=f"CON{n}",
    )


def _broken() -> Iterator[Cells]:
    """Ten rows, wrong in five ways."""
    for n in range(2):
        named = partial(Cells, number=n, given="Błędny", family=f"Wiersz{n}")
        yield named(mobile="brak", key=f"BAD{n}")
        yield named(mobile="6.01E+08", key=f"BAD{n + 2}")
        yield named(mail="nie ma maila", key=f"BAD{n + 4}")
        yield named(born="31.02.1980", key=f"BAD{n + 6}")
        yield named(owner="Zwolniony Pracownik", key=f"BAD{n + 8}")


def _line(row: Cells, owner: str) -> tuple[str, ...]:
    n = row.number
    return (
        "Pan",
        row.given,
        row.family,
        f'Accounts::::Firma "{n % 40}" Sp. z o.o.' if n % 3 else "",
        "Kierownik",
        row.office,
        row.mobile,
        row.mail,
        row.born,
        "0",
        row.owner or owner,
        f"ul. Długa {n}\nm. {n % 9}",
        "Łódź",
        "90-001",
        "Poland",
        "Targi |##| Polecenie" if n % 6 == 0 else "",
        'Mówi: "zażółć", =1+1',
        row.key,
    )
