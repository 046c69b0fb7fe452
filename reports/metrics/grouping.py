"""Rows in groups, and what is counted of each: pandas' own grouping costs milliseconds a figure,
whatever the number of rows, and a dashboard has a hundred figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Groups:
    """`codes` has the number of the group of each row; `keys` a row for each group, in order: of
    codes by their text, of categories by their order, what is missing comes last."""

    codes: Numbers
    keys: pd.DataFrame

    @classmethod
    def of(cls, rows: pd.DataFrame, by: Sequence[str]) -> "Groups":
        """Rows by the columns `by`; by none of them all rows are one group, also when there are
        none."""
        if not by:
            return cls(np.zeros(len(rows), np.int64), pd.DataFrame(index=range(1)))
        codes, found = np.zeros(len(rows), np.int64), []
        for name in by:
            places, labels = _coded(rows[name])
            codes = codes * len(labels) + places
            found.append(labels)
        present, codes = _dense(codes, int(np.prod([len(labels) for labels in found])))
        keys: dict[str, pd.Series] = {}
        for name, labels in zip(reversed(by), reversed(found), strict=True):
            present, place = np.divmod(present, max(len(labels), 1))
            keys[name] = labels.take(place).reset_index(drop=True)
        return cls(codes, pd.DataFrame({name: keys[name] for name in by}))

    def __len__(self) -> int:
        return len(self.keys)

    def sizes(self) -> Numbers:
        return np.bincount(self.codes, minlength=len(self))

    def counts(self, values: pd.Series) -> Numbers:
        """How many of them are known."""
        return np.bincount(self.codes[values.notna().to_numpy(bool)], minlength=len(self))

    def sums(self, values: pd.Series) -> Values:
        """Of those that are known; 0 of none."""
        weights = np.nan_to_num(_floats(values), copy=False)
        found: Any = np.bincount(self.codes, weights=weights, minlength=len(self))
        return np.asarray(found, np.float64)

    def distinct(self, values: pd.Series) -> Numbers:
        """How many different ones there are, missing ones left out."""
        places, labels = pd.factorize(values)
        pairs = (self.codes * (len(labels) + 1) + places)[places >= 0]
        return np.bincount(np.unique(pairs) // (len(labels) + 1), minlength=len(self))

    def quantiles(self, values: pd.Series, share: float) -> Values:
        """Interpolated linearly between order statistics (type 7); NaN of none."""
        numbers = _floats(values)
        known = ~np.isnan(numbers)
        codes, numbers = self.codes[known], numbers[known]
        if len(self) == 1:
            numbers = _ordered_at(numbers, share)
        else:
            order = np.argsort(numbers)
            # Numbers of groups are small, and small numbers are sorted without comparing them.
            size = np.min_scalar_type(len(self))
            numbers = numbers[order[np.argsort(codes[order].astype(size), kind="stable")]]
        sizes = np.bincount(codes, minlength=len(self))
        some = sizes > 0
        place = share * (sizes[some] - 1)
        first = (sizes.cumsum() - sizes)[some] + place.astype(np.int64)
        part = place % 1
        low = numbers[first]
        high = numbers[first + (part > 0)]
        found = np.full(len(self), np.nan)
        found[some] = low + (high - low) * part
        return found

    def largest(self, texts: pd.Series) -> pd.Series:
        """The last one in the order of texts; "" of none."""
        found = texts.groupby(self.codes, sort=True).max()
        return found.reindex(range(len(self)), fill_value="")


def _coded(column: pd.Series) -> tuple[Numbers, pd.Series]:
    """The place of each value among the different ones, which are in order."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        labels = pd.Series(pd.Categorical(column.cat.categories, dtype=column.dtype))
        places = column.cat.codes.to_numpy().astype(np.int64)
    else:
        places, found = pd.factorize(column, sort=True)
        labels = pd.Series(found)
    if (places < 0).any():
        places = np.where(places < 0, len(labels), places)
        labels = labels.reindex(range(len(labels) + 1))
    return places, labels


def _dense(codes: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """The numbers that occur, and the place of each code among them."""
    if count > 4 * len(codes) + 1000:
        found, places = np.unique(codes, return_inverse=True)
        return found, places
    found = np.flatnonzero(np.bincount(codes, minlength=count))
    places = np.empty(count, np.int64)
    places[found] = np.arange(len(found))
    return found, places[codes]


def _ordered_at(numbers: Values, share: float) -> Values:
    """Numbers of which those that a quantile is made of stand in their place; to order all of them
    takes several times as long."""
    if not len(numbers):
        return numbers
    first = int(share * (len(numbers) - 1))
    return np.partition(numbers, [first, min(first + 1, len(numbers) - 1)])


def _floats(values: pd.Series) -> Values:
    return values.to_numpy("float64", na_value=np.nan, copy=True)
