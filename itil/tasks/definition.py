"""What a plan says, frozen: its tasks, their order, and to which answers they apply.

Pure data: no tables, no settings, no present time. A published version keeps it as JSON.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

NO_EVIDENCE, TEXT_EVIDENCE, FILE_EVIDENCE = "none", "text", "file"
# In the list of answers that a task shows: all of them.
EVERY_ANSWER = "*"


class PlanError(ValueError):
    """A plan that cannot be carried out; each of `problems` is a pair of what is wrong and where.

    `what` is one of "empty", "twice", "unknown", "cycle"; `where` the keys it is about.
    """

    def __init__(self, problems: list[tuple[str, tuple[str, ...]]]):
        super().__init__(problems)
        self.problems = problems


def as_text(value: Any) -> str:
    """An answer as a condition compares it: without case, yes or no for a tick."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip().casefold()


@dataclass(frozen=True)
class Condition:
    """The task is for requests that answered `question` with `value`; empty: with anything."""

    question: str
    value: str = ""

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Of a question with several answers one is enough."""
        given = answers.get(self.question)
        found = given if isinstance(given, list | tuple) else [given]
        words = {as_text(one) for one in found if one is not None and one != ""}
        if not self.value:
            return bool(words) and given is not False
        return as_text(self.value) in words


@dataclass(frozen=True)
class PlannedTask:
    """One task of a plan; `team` and `person` are keys of records, `after` keys of other tasks.

    It is due `hours` of business time or `days` business days after the plan begins; never both.
    `answers` are the questions whose answers the people who do it may read.
    """

    key: str
    title: str
    text: str = ""
    team: int | None = None
    person: int | None = None
    is_optional: bool = False
    visible_to_requester: bool = False
    after: tuple[str, ...] = ()
    hours: int | None = None
    days: int | None = None
    checklist: tuple[str, ...] = ()
    evidence: str = NO_EVIDENCE
    condition: Condition | None = None
    answers: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "PlannedTask":
        """As `as_data` wrote it."""
        condition = data.get("condition")
        lists = {name: tuple(data.get(name, ())) for name in ("after", "checklist", "answers")}
        return cls(**{**data, **lists, "condition": Condition(**condition) if condition else None})

    def as_data(self) -> dict[str, Any]:
        """Only what differs from the default, so that a new property changes no old version."""
        empty = PlannedTask(key="", title="")
        kept = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if getattr(self, one.name) != getattr(empty, one.name)
        }
        if self.condition:
            kept["condition"] = {"question": self.condition.question, "value": self.condition.value}
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()
        }


@dataclass(frozen=True)
class Plan:
    """The tasks in the order in which people read them; `calendar` is the key of their hours."""

    tasks: tuple[PlannedTask, ...] = ()
    calendar: int | None = None
    by_key: Mapping[str, PlannedTask] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {task.key: task for task in self.tasks})

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Plan":
        """As `as_data` wrote it."""
        tasks = tuple(PlannedTask.of(one) for one in data.get("tasks", ()))
        return cls(tasks=tasks, calendar=data.get("calendar"))

    def as_data(self) -> dict[str, Any]:
        return {"calendar": self.calendar, "tasks": [task.as_data() for task in self.tasks]}

    def check(self) -> None:
        """Raises PlanError for a plan without tasks, a key used twice, a task that comes after one
        that is not there, and tasks that wait for each other in a circle.
        """
        problems: list[tuple[str, tuple[str, ...]]] = []
        if not self.tasks:
            problems.append(("empty", ()))
        keys = [task.key for task in self.tasks]
        problems += [("twice", (key,)) for key in dict.fromkeys(keys) if keys.count(key) > 1]
        for task in self.tasks:
            problems += [
                ("unknown", (task.key, other)) for other in task.after if other not in self.by_key
            ]
        if not problems:
            circle = circle_in({task.key: task.after for task in self.tasks})
            problems += [("cycle", circle)] if circle else []
        if problems:
            raise PlanError(problems)

    def applying_to(self, answers: Mapping[str, Any]) -> tuple[PlannedTask, ...]:
        """The tasks that these answers ask for, each after all it waits for.

        What came after a task that is left out waits for what that one waited for.
        """
        chosen = {
            task.key
            for task in self.tasks
            if task.condition is None or task.condition.holds(answers)
        }

        def kept(keys: Iterable[str]) -> list[str]:
            found: list[str] = []
            for key in keys:
                found += [key] if key in chosen else kept(self.by_key[key].after)
            return list(dict.fromkeys(found))

        order: list[str] = []

        def visit(key: str) -> None:
            if key in order:
                return
            for before in kept(self.by_key[key].after):
                visit(before)
            order.append(key)

        for task in self.tasks:
            if task.key in chosen:
                visit(task.key)
        return tuple(
            replace(self.by_key[key], after=tuple(kept(self.by_key[key].after))) for key in order
        )


def circle_in(after: Mapping[Any, Iterable[Any]]) -> tuple[Any, ...]:
    """The keys of one circle in this relation, in order; empty when there is none."""
    finished: set[Any] = set()
    path: list[Any] = []

    def visit(key: Any) -> tuple[Any, ...]:
        if key in finished:
            return ()
        if key in path:
            return tuple(path[path.index(key) :])
        path.append(key)
        for before in after.get(key, ()):
            if found := visit(before):
                return found
        path.pop()
        finished.add(key)
        return ()

    for key in after:
        if found := visit(key):
            return found
    return ()
