"""Files that a worker makes while somebody waits: asked for once, however often the page asks."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

# A request that no worker has answered by then is made again.
ASK_AGAIN_AFTER = timedelta(seconds=60)


def want(row: QuerySet[Any], field: str, *, at: datetime) -> bool:
    """Note in `field` of the one `row` that its file is wanted; False when that was done a moment
    ago. Two at once: one of them gets True.
    """
    free = Q(**{field: None}) | Q(**{f"{field}__lte": at - ASK_AGAIN_AFTER})
    return bool(row.filter(free).update(**{field: at}))
