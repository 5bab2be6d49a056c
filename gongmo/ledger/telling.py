"""The record as people read it on a page: lines of a timeline."""

from collections.abc import Iterable
from itertools import groupby

from gongmo.definition.base import Text
from gongmo.ledger.queries import Record


def timeline(records: Iterable[Record], limit: int | None = None) -> list[dict[str, object]]:
    """Records (newest first) as lines for `krds.timeline`, at most `limit` of them.

    The same act several times in a row is one line with its count, told by its newest record: a draft that was saved forty times
    must not hide what else happened. Where several people or organisations acted, the line says how many.
    """
    lines: list[dict[str, object]] = []
    for _, group in groupby(records, key=lambda record: record.act):
        if limit is not None and len(lines) == limit:
            break
        lines.append(_line(list(group)))
    return lines


def _line(same: list[Record]) -> dict[str, object]:
    newest = same[0]
    ko, en = newest.ko, newest.en
    if len(same) > 1:
        doers = len({(record.actor_person, record.organisation) for record in same})
        by_ko, by_en = (f", 모두 {doers}명", f" by {doers} people") if doers > 1 else ("", "")
        ko += f" (잇달아 {len(same)}건{by_ko})"
        en += f" ({len(same)} in a row{by_en})"
    return {
        "at": newest.at,
        "actor": newest.actor_name or newest.organisation_name,
        "role": newest.organisation_name if newest.actor_name else "",
        "what": Text(ko=ko, en=en),
        "sequence": newest.sequence,
    }
