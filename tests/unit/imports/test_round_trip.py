"""Whatever text a record holds comes back from a file as it was, and no cell is a formula."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from callcenter.exports.guard import guarded, unguarded
from callcenter.exports.writing import csv_chunks
from callcenter.imports import delimited
from callcenter.imports.phones import Point, parse_points, write_points
from callcenter.imports.values import join_list, split_list

TEXTS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40
) | st.sampled_from(["=1+1", "'=1", "''-x", "+48601234567", "-5", "@x", "\tx", "a\r\nb", '"', "'"])
KEPT = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)


@given(TEXTS)
def test_a_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(TEXTS)
def test_a_guarded_text_is_no_formula(text: str) -> None:
    safe = guarded(text)
    assert not safe or safe[0] not in "=+@\t\r\n" or safe == text
    assert not safe.startswith(("=", "+", "@", "\t", "\r"))


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_any_table_comes_back_from_its_file(rows: list[list[str]]) -> None:
    rows = [["a", *row] for row in rows]
    data = b"".join(csv_chunks(rows))
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")
    read = [record.cells for record in delimited.records(text, delimited.Form())]
    assert [[unguarded(cell) for cell in cells] for cells in read] == [
        [_as_read(cell) for cell in row] for row in rows
    ]


def _as_read(cell: str) -> str:
    """A blank after the delimiter is none of the cell's, as VtigerCRM writes it."""
    plain = guarded(cell)
    text = io.StringIO()
    csv.writer(text).writerow(["a", plain])
    return (
        unguarded(next(csv.reader([text.getvalue()], skipinitialspace=True))[1])
        if (plain.startswith(" "))
        else cell
    )


@given(st.lists(KEPT, max_size=5))
def test_a_list_comes_back_from_its_cell(items: list[str]) -> None:
    assert split_list(join_list(items)) == tuple(items)


@given(
    st.lists(
        st.builds(
            Point,
            st.from_regex(r"[a-z.]{1,8}@[a-z]{1,8}\.pl", fullmatch=True),
            st.sampled_from(["work", "home", "other"]),
            marks=st.sampled_from([(), ("invalid",), ("invalid", "opted-out")]),
        ),
        max_size=4,
    )
)
def test_addresses_come_back_with_what_is_known_of_them(points: list[Point]) -> None:
    assert parse_points(write_points(points), "other", mail=True) == tuple(points)
