"""How long failed work waits before it is tried again."""

import random

from django.conf import settings

MAX_ATTEMPTS = 5
LONGEST_WAIT = 3600


def wait_after(attempt: int) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1): doubling, up to an hour.

    A fifth is added or taken by chance, so that what failed together does not return together.
    """
    wait = min(LONGEST_WAIT, settings.WORKER_RETRY_SECONDS * 2 ** (attempt - 1))
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, keeps no secret
