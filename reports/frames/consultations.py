"""Forms at which answers were offered."""

from datetime import datetime

import pandas as pd

from knowledgebase.querysets import ConsultationQuerySet

from .columns import COUNT, TEXT, typed_frame

TYPES = {"consultation": COUNT, "outcome": TEXT}


def consultations_frame(consultations: ConsultationQuerySet, now: datetime) -> pd.DataFrame:
    """One row per form, and what had become of it at `now`."""
    rows = consultations.with_outcome(now).order_by("pk").values_list("pk", "outcome")
    return typed_frame(rows.iterator(chunk_size=5000), TYPES)
