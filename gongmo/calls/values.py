"""Plain values that calls share with the floors above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParentGrant:
    """The agreement whose money a second-level call hands on.

    `agreement_id` is an id of a higher floor, `reference` its number as people write it, `region` the region's code,
    `available` what may still be handed on, in won. `call_id` is the call under which the agreement was made.
    """

    agreement_id: int
    reference: str
    region: str
    available: int
    call_id: int | None = None


ANNOUNCEMENT_LIMIT = 100_000
"""Letters of an announcement in one language."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """The announcement in plain words (Markdown, see gongmo.calls.markdown), "" where there is none in that language."""

    ko: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.ko or self.en)
