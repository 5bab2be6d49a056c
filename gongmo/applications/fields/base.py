"""What every kind of field is made of."""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet

from gongmo.applications.commands.journal import Latest, newest_in, with_newest
from gongmo.applications.models import Answer, Application, BudgetCell, Declaration, Kpi, Member
from gongmo.applications.policies import PRESENT, may_edit
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger.prepared import prepared

Json = Any
"""A field's value in JSON types."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class UnknownField(Refused):
    """The call has no field of this path, or nobody could write there."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "field_unknown",
            "이 칸은 지금 신청서에 없습니다. 화면을 새로 고쳐 주세요.",
            "The application has no such field now. Load the page again.",
        )


@dataclass
class Place:
    """Where fields are saved: the application (locked), its call's definition, who acts, and which of its columns were set.

    `alone` is the path of a save that changes one field only: what it needs is then read in one statement with the newest line of the
    field's journal, which is noted in `lines`.
    """

    actor: Actor
    application: Application
    definition: Definition
    alone: str = ""
    lines: dict[str, Latest | None] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)
    dropped: list[Any] = field(default_factory=list)
    """Journal lines (commands.journal.Change) of fields that went altogether."""
    cells: dict[tuple[frozenset[int], frozenset[int]], list[BudgetCell]] = field(default_factory=dict)
    """Budget cells as they were read, by organisations and years."""
    answers: dict[str, Answer | None] = field(default_factory=dict)
    """Answers as they were read, by their place."""
    declarations: dict[tuple[int, str], Declaration | None] = field(default_factory=dict)
    """Members' own answers as they were read, by member and fact."""
    _by_organisation: dict[int, Member | None] = field(default_factory=dict)
    _by_id: dict[int, Member | None] = field(default_factory=dict)

    @cached_property
    def members(self) -> dict[int, Member]:
        """The present members by id (one query, only where a field needs it)."""
        found = Member.objects.filter(application=self.application, state__in=PRESENT)
        members = {member.pk: member for member in found.select_related("organisation")}
        for member in members.values():
            member.application = self.application
        return members

    def member_of(self, organisation: int) -> Member | None:
        """The present member of that organisation (one query, once: a consortium may have hundreds)."""
        if "members" in self.__dict__:
            return next(
                (each for each in self.members.values() if each.organisation_id == organisation), None
            )
        if organisation not in self._by_organisation:
            found = _present.first(application=self.application.pk, organisation=organisation)
            self.note_member(found, organisation=organisation)
        return self._by_organisation[organisation]

    def member(self, pk: int) -> Member | None:
        """The present member of that id."""
        return self._by_id[pk] if pk in self._by_id else self.members.get(pk)

    def note_member(
        self, found: Member | None, *, pk: int | None = None, organisation: int | None = None
    ) -> None:
        """Note who was found, or that nobody was, under that id or organisation."""
        if found is not None:
            found.application = self.application
        if pk is not None:
            self._by_id[pk] = found
        if organisation is not None:
            self._by_organisation[organisation] = found

    def note_line(self, row: Any) -> None:
        """Note the newest journal line of the one field that is saved, read with that row."""
        self.lines[self.alone] = newest_in(row)

    @cached_property
    def kpis(self) -> dict[int, Kpi]:
        """The application's indicators by id (one query, only where a field needs it)."""
        if not self.alone:
            return {kpi.pk: kpi for kpi in Kpi.objects.filter(application=self.application)}
        found = _kpis(application=self.application.pk, path=self.alone)
        for kpi in found[:1]:
            self.note_line(kpi)
        return {kpi.pk: kpi for kpi in found}


def present_members(application: int) -> QuerySet[Member]:
    """The present members with their organisations."""
    found = Member.objects.filter(application=application, state__in=PRESENT)
    return found.select_related("organisation").order_by("pk")


@prepared
def _present(*, application: int, organisation: int) -> QuerySet[Member]:
    return present_members(application).filter(organisation=organisation)


@prepared
def _kpis(*, application: int, path: str) -> QuerySet[Kpi]:
    return with_newest(Kpi.objects.filter(application=application), application, path)


class Kind:
    """One kind of field. Keys are what follows the kind in a path, read once; values are JSON types."""

    short: ClassVar[bool] = False
    """Whether the record holds the value itself; else its hash."""

    def key(self, at: Place, rest: str) -> Hashable:
        """The key that the rest of a path names. Raises UnknownField."""
        raise NotImplementedError

    def require(self, at: Place, key: Any) -> None:
        """Raise NotAllowed or Refused unless the actor may write it. The lead's writers, where nothing else is said."""
        may_edit.require(at.actor, at.application)

    def clean(self, at: Place, key: Any, value: Json) -> Json:
        """The value as it is stored. Raises BadInput with a sentence."""
        raise NotImplementedError

    def read(self, at: Place, keys: Iterable[Any]) -> dict[Any, Json]:
        """The stored values by key; a missing one is the kind's empty value."""
        raise NotImplementedError

    def write(self, at: Place, values: Mapping[Any, Json]) -> None:
        """Store values that were cleaned. Sets columns of the application without saving it."""
        raise NotImplementedError

    def told(self, key: Any, value: Json) -> Json:
        """What the record holds of a value."""
        return value if self.short or value in (None, "") else sha256_hex(str(value))[:32]


def is_number(text: str) -> bool:
    """Whether a part of a path is a number as paths write it: one field has one path, else its journal and conflicts go unseen."""
    return text.isascii() and text.isdecimal() and len(text) < 18 and (text == "0" or text[0] != "0")


def text_of(value: Json, *, lines: bool = False) -> str:
    """A text as it is stored: line ends one letter, letters composed, nothing unprintable, one line where `lines` is not said.

    Raises BadInput for what is no text.
    """
    if not isinstance(value, str):
        raise BadInput("not_a_text", "글로 적어 주세요.", "Write a text.")
    # Forms send each line's end as two letters, while browsers (and people) count one.
    value = _UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    value = unicodedata.normalize("NFC", value)
    return value.strip() if lines else " ".join(value.split())


def require_length(name_ko: str, name_en: str, text: str, limit: int, *, field: str = "") -> None:
    """Raise BadInput where a text has more letters than the limit."""
    if len(text) > limit:
        raise BadInput(
            "text_too_long",
            f"{name_ko} {limit:,}자 이내로 적어 주세요. 지금은 {len(text):,}자입니다.",
            f"Keep {name_en} within {limit:,} letters; it has {len(text):,}.",
            field=field or None,
            details={"limit": limit, "letters": len(text)},
        )
