"""The verbs of orders: a draft is kept and sent, a request is decided, changed and delivered."""

from .assembling import Part, assemble
from .bundling import is_wanted, person_of, submit_bundle, typed_for
from .changing import change_answers, send_back
from .deciding import decided
from .delivering import (
    close_delivered,
    count_deliveries,
    taken_back,
    task_failed,
    tasks_done,
)
from .drafting import (
    discard,
    go_on_with,
    order_again,
    part_question,
    prune_drafts,
    put_into_cart,
    save_draft,
    take_out_of_cart,
)
from .ending import ended
from .foreseeing import Preview, preview
from .retyping import to_incident, to_request
from .submitting import submit, submit_together

__all__ = [
    "Part",
    "Preview",
    "assemble",
    "change_answers",
    "close_delivered",
    "count_deliveries",
    "decided",
    "discard",
    "ended",
    "go_on_with",
    "is_wanted",
    "order_again",
    "part_question",
    "person_of",
    "preview",
    "prune_drafts",
    "put_into_cart",
    "save_draft",
    "send_back",
    "submit",
    "submit_bundle",
    "submit_together",
    "take_out_of_cart",
    "taken_back",
    "task_failed",
    "tasks_done",
    "to_incident",
    "to_request",
    "typed_for",
]
