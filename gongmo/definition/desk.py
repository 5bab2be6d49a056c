"""What a call settles about the evaluator's desk, blind stages and the day of presentations. All of it may be left out: then nothing is hidden,
nothing of others is shown, private notes go when their stage is locked, and a presentation day takes its minutes from the officer.
"""

from typing import Annotated, Literal

from pydantic import Field

from gongmo.definition.base import Based, Identifier

Minutes = Annotated[int, Field(ge=0, le=480)]


class Desk(Based):
    """What a sheet needs before it is locked, what evaluators see of each other afterwards, and what becomes of their notes."""

    requires: tuple[Literal["overall_opinion", "comments"], ...] = ()
    """What a sheet needs besides all its points: the overall opinion, a comment on every criterion."""
    peers_after_lock: Literal["nothing", "totals", "points", "points_and_comments"] = "nothing"
    """What an evaluator sees of the others' locked sheets for the same application, once the whole stage is locked. Never before."""
    notes: Literal["delete_at_lock", "keep"] = "delete_at_lock"
    """What becomes of private notes and bookmarks when their stage is locked. Kept or not, nobody else ever reads them."""


class Blind(Based):
    """A stage in which evaluators do not learn whose application they read.

    Names stand hidden as "신청 1": the project's title, region and organisations, names of files, and organisations' names in what was
    written on the pages. What stands inside a file cannot be hidden; `documents` and `questions` leave out whole ones.
    """

    documents: tuple[Identifier, ...] = ()
    """Kinds of documents that are not shown (those that exist to name the applicant)."""
    questions: tuple[Identifier, ...] = ()
    """Questions whose answers are not shown."""


class PresentationDay(Based):
    """How long each presentation takes, where the breaks are, how the order is found, and what follows when nobody comes."""

    talk_minutes: Annotated[Minutes, Field(ge=1)]
    question_minutes: Minutes = 0
    change_minutes: Minutes = 0
    """Between two presentations."""
    rest_after: Annotated[int, Field(ge=1)] | None = None
    """After how many presentations there is a break; None: never."""
    rest_minutes: Minutes = 10
    order: Literal["lot", "by_hand"] = "lot"
    """By lot with a recorded seed, or as the officer arranges it."""
    absent: Literal["reschedule", "documents"] = "reschedule"
    """When nobody entitled comes: another time is set, or the committee scores on the documents alone."""
