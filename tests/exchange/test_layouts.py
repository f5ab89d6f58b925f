"""Dates of one fixed layout are read off their places; what comes out is what the pattern for any date finds."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.imports import layouts

DIGIT = st.sampled_from("0123456789")
LAYOUTS = ("dd/dd/dddd", "dddd-dd-dd", "dd.dd.dddd dd:dd", "dddd/dd/dd dd:dd:dd", "dd-dd-ddddTdd:dd:dd")


def written(layout: str) -> st.SearchStrategy[str]:
    return st.tuples(*(DIGIT if sign == "d" else st.just(sign) for sign in layout)).map("".join)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(data=st.data())
def test_fixed_places_say_what_the_pattern_says(layout: str, data: st.DataObject) -> None:
    cells = data.draw(st.lists(written(layout), min_size=1, max_size=20))
    text = pa.array(["header", *cells], pa.string()).slice(1)
    fixed, free = layouts._fixed(text), layouts._free(text)
    assert fixed is not None
    assert fixed.layout
    assert {name: column.tolist() for name, column in fixed.value.items()} == {
        name: column.tolist() for name, column in free.value.items()}
    assert fixed.read.all()
    assert free.read.all()


@pytest.mark.parametrize("cells", [["01/02/2026", ""], ["01/02/2026", "1/02/2026"], ["01/02/2026", "0a/02/2026"],
                                   ["01/02/2026", "01/02#2026"], ["01/02/2026 10:00", "01/02/2026 1o:00"], ["2026-01-0²"],
                                   ["01/02/2026", None], []])
def test_one_cell_of_another_form_leaves_the_column_to_the_pattern(cells: list[str | None]) -> None:
    assert not layouts.are_fixed(pa.array(cells, pa.string()))


def test_numbers_before_the_year_decide_on_day_and_month() -> None:
    first, second = layouts.before_year(pa.array(["13/02/2026", "01/11/2026"]))
    assert (first.tolist(), second.tolist()) == ([13, 1], [2, 11])
    first, second = layouts.before_year(pa.array(["13/2/26 10:00", "2026-12-11", "1/11/2026"]))
    assert (first.tolist(), second.tolist()) == ([13, 1], [2, 11])
    assert [len(each) for each in layouts.before_year(pa.array(["2026-12-11", "2026-01-02"]))] == [0, 0]
