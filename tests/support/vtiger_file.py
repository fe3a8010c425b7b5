"""An export of VtigerCRM's contacts as companies have them: references, three ways to write a
number, line breaks in cells, the same person twice, rows that nobody could read."""

from __future__ import annotations

import csv
import io

HEADER = (
    "Salutation",
    "First Name",
    "Last Name",
    "Organization Name",
    "Title",
    "Office Phone",
    "Mobile Phone",
    "Primary Email",
    "Date of Birth",
    "Do Not Call",
    "Assigned To",
    "Mailing Street",
    "Mailing City",
    "Mailing Zip",
    "Mailing Country",
    "Lead Source",
    "Description",
    "Contact Id",
)
_GIVEN = ("Żaneta", "Łukasz", "Michał", "Świętosława", "Jan", "Grażyna")
_FAMILY = ("Wójcik", "Żółkiewska", "Źrebiec", "Ćwik", "Dąbrowski", "Gęś", "Kowalski")
BROKEN_EACH = 25


def contacts(count: int = 1000, encoding: str = "cp1250") -> bytes:
    """Each 25th row cannot be taken; each 100th is the one before it once more."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for n in range(count):
        writer.writerow(_row(n - 1 if n % 100 == 99 else n))
    return text.getvalue().encode(encoding)


def _row(n: int) -> tuple[str, ...]:
    mobile = f"{600000000 + n * 7}"
    spelled = (mobile, f"+48 {mobile[:3]} {mobile[3:6]} {mobile[6:]}", f"0048{mobile}")[n % 3]
    return (
        "Pan",
        _GIVEN[n % 6],
        f"{_FAMILY[n % 7]}{n}",
        f'Accounts::::Firma "{n % 40}" Sp. z o.o.' if n % 3 else "",
        "Kierownik",
        f"(22) {1000000 + n}" if n % 2 else "",
        "brak" if n % BROKEN_EACH == 7 else spelled,
        f"k{n}@example.org" if n % 4 else "",
        f"{n % 28 + 1:02}-03-19{n % 60 + 30}" if n % 5 else "0000-00-00",
        str(n % 2),
        "Administrator" if n % 10 == 3 else "",
        f"ul. Długa {n}\nm. {n % 9}",
        "Łódź",
        "90-001",
        "Poland",
        "Targi |##| Polecenie" if n % 6 == 0 else "",
        "Zażółć gęślą jaźń; =1+1",
        f"CON{n}",
    )
