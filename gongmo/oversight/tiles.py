"""Where each region stands on the map of equal tiles: column and row, roughly as on a map of Korea.

Equal tiles show every region alike: on a true map the smallest ones, where many firms are, could not be read or clicked.
"""

PLACES: dict[str, tuple[int, int]] = {
    "KR-28": (0, 0),
    "KR-11": (1, 0),
    "KR-41": (2, 0),
    "KR-42": (3, 0),
    "KR-44": (0, 1),
    "KR-50": (1, 1),
    "KR-43": (2, 1),
    "KR-47": (3, 1),
    "KR-45": (0, 2),
    "KR-30": (1, 2),
    "KR-27": (2, 2),
    "KR-31": (3, 2),
    "KR-46": (0, 3),
    "KR-46A": (0, 3),
    "KR-29": (1, 3),
    "KR-48": (2, 3),
    "KR-26": (3, 3),
    "KR-49": (0, 4),
}
COLUMNS = 4
ROWS = 5


def place(code: str, taken: set[tuple[int, int]]) -> tuple[int, int]:
    """The tile of a region. One that the table does not know gets the first free place of the last row and beyond."""
    if code in PLACES and PLACES[code] not in taken:
        return PLACES[code]
    at = ROWS * COLUMNS - COLUMNS + 1
    while (at % COLUMNS, at // COLUMNS) in taken or (at % COLUMNS, at // COLUMNS) in PLACES.values():
        at += 1
    return at % COLUMNS, at // COLUMNS
