"""Priority from impact and urgency (`PRI-1`)."""

from collections.abc import Mapping

# Keys are (impact, urgency), both 1 = high, 2 = medium, 3 = low; values are P1 to P5.
DEFAULT_MATRIX: Mapping[tuple[int, int], int] = {
    (1, 1): 1,
    (1, 2): 2,
    (1, 3): 3,
    (2, 1): 2,
    (2, 2): 3,
    (2, 3): 4,
    (3, 1): 3,
    (3, 2): 4,
    (3, 3): 5,
}


def priority_of(
    impact: int, urgency: int, matrix: Mapping[tuple[int, int], int] = DEFAULT_MATRIX
) -> int:
    """P1 (critical) to P5 (planning) for an impact and an urgency of 1 (high) to 3 (low).

    Raises KeyError for values outside the matrix.
    """
    return matrix[(impact, urgency)]
