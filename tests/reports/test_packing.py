"""Readings survive the cache."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reports.frames.arrays import Numbers, Stretches
from reports.frames.codes import NEVER
from reports.frames.packing import packed, unpacked

INSTANTS = st.one_of(st.integers(-(10**10), 10**10), st.just(NEVER))


@dataclass(frozen=True)
class Shape:
    taken_at: int
    numbers: Numbers
    inner: Stretches
    flags: np.ndarray
    names: tuple[str, ...]


@given(st.lists(INSTANTS), st.lists(st.booleans()), st.lists(st.text()))
def test_what_is_unpacked_is_what_was_packed(instants, flags, names):
    column = np.array(instants, np.int64)
    shape = Shape(7, column, Stretches(column, column, column), np.array(flags, bool), tuple(names))
    found = unpacked(Shape, packed(shape))
    assert (found.taken_at, found.names) == (7, tuple(names))
    assert found.flags.tolist() == flags
    for values in (found.numbers, found.inner.owners, found.inner.starts, found.inner.ends):
        assert values.tolist() == instants
        assert values.dtype == np.int64


def test_small_numbers_take_little_room():
    column = np.arange(100_000) % 200
    shape = Shape(0, column, Stretches(column, column, column), column == 1, ())
    assert len(packed(shape)) < 4 * 100_000
