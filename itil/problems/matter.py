"""Clusters of similar records: words weighted by how rare they are, compared by cosine.

Pure: no tables, no present time. Plain arithmetic on short vectors; tens of thousands of records
take seconds, because equal ones are folded first and only what shares a telling word is compared.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.ui.search import words_of

# Two records are alike from this cosine on.
ALIKE = 0.6
# A word that more than this share of the records has leads to nothing.
COMMON = 0.1
# What is found so often within so long stands out.
WINDOW = timedelta(days=7)
MIN_SIZE = 4
# An item that both are about says more than a word.
ITEM_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Record:
    """What one incident is about. `group` keeps apart what never belongs together: the service."""

    key: int
    text: str
    at: datetime
    group: int = 0
    items: tuple[int, ...] = ()


@dataclass(slots=True)
class Cluster:
    """Records that look alike: the likeness of each to the middle, and the parts of the score."""

    group: int
    # The words that say what it is about, in the order of the most typical record.
    words: str
    members: list[tuple[Record, float]]
    item: int | None = None
    score: float = 0.0
    cohesion: float = 0.0
    # The fullest week: where it begins, how many it holds, how many an even spread would.
    week_at: datetime | None = None
    week: int = 0
    expected: float = 0.0

    @property
    def size(self) -> int:
        return len(self.members)


Vector = Mapping[str, float]


@dataclass(slots=True)
class _Form:
    """Records with the same words, items and group; compared as one."""

    group: int
    features: tuple[str, ...]
    text: str
    records: list[Record] = field(default_factory=list)
    vector: dict[str, float] = field(default_factory=dict)


def clusters(records: Sequence[Record]) -> list[Cluster]:
    """The clusters among `records`, the most striking first."""
    forms = _forms(records)
    rarity = _rarity(forms, len(records))
    for form in forms:
        form.vector = _unit({name: rarity[name] * _weight(name) for name in form.features})
    first = min((record.at for record in records), default=None)
    last = max((record.at for record in records), default=None)
    span = max((last - first) / WINDOW, 1.0) if first and last else 1.0
    found = [
        _cluster(forms_of_one, span)
        for forms_of_one in _gathered(forms, rarity, len(records))
        if sum(len(form.records) for form in forms_of_one) >= MIN_SIZE
    ]
    return sorted(found, key=lambda one: (-one.score, one.words, one.group))


def _forms(records: Iterable[Record]) -> list[_Form]:
    """Equal records folded; the most frequent form first, so that it leads its cluster."""
    known: dict[tuple[int, tuple[str, ...]], _Form] = {}
    for record in records:
        features = _features(record)
        if not features:
            continue
        key = record.group, features
        form = known.get(key)
        if form is None:
            form = known[key] = _Form(record.group, features, record.text)
        form.records.append(record)
    return sorted(known.values(), key=lambda form: (-len(form.records), form.features))


def _features(record: Record) -> tuple[str, ...]:
    """Its words, the pairs of neighbours among them, and its items."""
    words = words_of(record.text)
    pairs = {f"{one} {other}" for one, other in zip(words, words[1:], strict=False)}
    items = {f"#{item}" for item in record.items}
    return tuple(sorted(set(words) | pairs | items))


def _weight(name: str) -> float:
    return ITEM_WEIGHT if name.startswith("#") else 1.0


def _rarity(forms: Iterable[_Form], total: int) -> dict[str, float]:
    """How much a word tells: the fewer records have it, the more."""
    number: Counter[str] = Counter()
    for form in forms:
        for name in form.features:
            number[name] += len(form.records)
    return {name: math.log((1 + total) / (1 + count)) + 0.01 for name, count in number.items()}


def _unit(vector: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {name: value / length for name, value in vector.items()}


def _gathered(forms: Sequence[_Form], rarity: Mapping[str, float], total: int) -> list[list[_Form]]:
    """Each form joins the leader that it is most like, or leads a cluster of its own."""
    telling = math.log((1 + total) / (1 + max(COMMON * total, MIN_SIZE)))
    led: list[list[_Form]] = []
    by_word: dict[tuple[int, str], list[int]] = defaultdict(list)
    for form in forms:
        nearest, likeness = _nearest(form, by_word, led)
        if nearest is not None and likeness >= ALIKE:
            led[nearest].append(form)
            continue
        for name in form.features:
            if rarity[name] >= telling:
                by_word[form.group, name].append(len(led))
        led.append([form])
    return led


def _nearest(
    form: _Form,
    by_word: Mapping[tuple[int, str], list[int]],
    led: Sequence[list[_Form]],
) -> tuple[int | None, float]:
    """The most similar leader of the same group, among those that share a telling word."""
    shared = {place for name in form.features for place in by_word.get((form.group, name), ())}
    best, likeness = None, 0.0
    for place in sorted(shared):
        value = _cosine(form.vector, led[place][0].vector)
        if value > likeness:
            best, likeness = place, value
    return best, likeness


def _cosine(one: Vector, other: Vector) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other.get(name, 0.0) for name, value in one.items())


def _cluster(forms: Sequence[_Form], span: float) -> Cluster:
    """Its middle, how near each member is to it, and what makes it stand out.

    `span` is how many windows the records of all clusters cover.
    """
    middle: dict[str, float] = defaultdict(float)
    for form in forms:
        for name, value in form.vector.items():
            middle[name] += value * len(form.records)
    centre = _unit(middle)
    members = [
        (record, min(_cosine(form.vector, centre), 1.0))
        for form in forms
        for record in form.records
    ]
    members.sort(key=lambda member: (-member[1], member[0].at, member[0].key))
    found = Cluster(
        group=forms[0].group,
        words=forms[0].text,
        members=members,
        item=_common_item(members),
        cohesion=sum(value for _record, value in members) / len(members),
    )
    found.week_at, found.week = _fullest_week([record.at for record, _value in members])
    found.expected = len(members) / span
    found.score = round(_score(found), 3)
    return found


def _score(cluster: Cluster) -> float:
    """How alike × (how much the fullest week stands out + how many there are at all).

    The first part is what a chance spread would hardly give (a Poisson tail, in decimal places),
    the second grows with the logarithm: a thousand everyday requests are no problem.
    """
    surprise = 0.0
    if cluster.week > cluster.expected > 0:
        ratio = cluster.week / cluster.expected
        surprise = (cluster.week * math.log(ratio) - (cluster.week - cluster.expected)) / math.log(
            10
        )
    return cluster.cohesion * (surprise + math.log2(cluster.size))


def _fullest_week(moments: Iterable[datetime]) -> tuple[datetime, int]:
    """The beginning and number of the window that holds most; the earliest of equal ones."""
    ordered = sorted(moments)
    best, number, start = ordered[0], 0, 0
    for end, moment in enumerate(ordered):
        while moment - ordered[start] >= WINDOW:
            start += 1
        if end - start + 1 > number:
            best, number = ordered[start], end - start + 1
    return best, number


def _common_item(members: Iterable[tuple[Record, float]]) -> int | None:
    """The item that most of them are about; None when there is none."""
    listed = list(members)
    items = Counter(item for record, _value in listed for item in record.items)
    if not items:
        return None
    item, count = items.most_common(1)[0]
    return item if count * 2 > len(listed) else None
