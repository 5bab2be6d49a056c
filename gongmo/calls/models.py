"""Published calls, their frozen versions, notices, questions."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gongmo.calls.states import CallState, calls_table
from gongmo.files.models import StoredFile
from gongmo.ledger.rows import Sealed
from gongmo.parties.models import Organisation, Person


class Call(Sealed):
    """A published call. Its texts and rules are those of `version`; the deadline is `closes_at`, an instant.

    A second-level call names the agreement whose money it hands on (`parent_agreement`, an id of a higher floor), the
    call under which that agreement was made (`parent`) and the sum it may spend (`pot`, won).
    """

    shared = True
    """Many submit at once, and whoever extends the call meanwhile waits for few of them (gongmo.ledger.locks)."""

    slug = models.SlugField(max_length=63, unique=True)
    programme = models.CharField(max_length=63)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="operated_calls")
    state = models.CharField(max_length=20, choices=calls_table.choices(), default=CallState.PUBLISHED)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    rehearsal = models.BooleanField(default=False)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    parent_agreement = models.BigIntegerField(null=True, blank=True)
    parent_reference = models.CharField(max_length=80, blank=True)
    parent_region = models.CharField(max_length=6, blank=True)
    pot = models.BigIntegerField(null=True, blank=True)
    version = models.ForeignKey("CallVersion", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-published_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="call_opens_before_it_closes", condition=Q(opens_at__lt=F("closes_at"))
            ),
            models.CheckConstraint(
                name="call_pot_not_negative", condition=Q(pot__isnull=True) | Q(pot__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.title_ko


class CallVersion(Sealed):
    """A frozen version of a call's definition (canonical JSON) with what a correction notice changed, in words."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    announcement_ko = models.TextField(blank=True)
    """The announcement in plain words (Markdown), as it stood with this version; also in English where there is one."""
    announcement_en = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["call", "number"]
        constraints: ClassVar = [models.UniqueConstraint(name="call_version_once", fields=["call", "number"])]


class NoticeKind(models.TextChoices):
    ANNOUNCEMENT = "announcement", "공고"
    AMENDMENT = "amendment", "정정공고"
    EXTENSION = "extension", "마감 연장"
    GENERAL = "general", "알림"


class Notice(Sealed):
    """A public notice of a call."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-published_at", "-id"]


class Question(Sealed):
    """A question to the operator and its answer in force; public once answered as public. `versions` keeps every answer."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="questions")
    asked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    title = models.CharField(max_length=200)
    body = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    public = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]


class Answer(Sealed):
    """One version of the answer to a question. A published answer is only ever followed by another, with what was wrong."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    public = models.BooleanField()
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["question", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="answer_version_once", fields=["question", "number"])
        ]


class Card(models.Model):
    """What lists, feeds and searches read of a call's version in force, made from its definition (gongmo.calls.cards).

    `search` is one folded text. Lists are kept as texts with a line end around every item, so that both databases find an item
    with a plain `contains`: `regions` (codes, empty: every region), `kinds` (of organisations that may take part), `supports`
    (names of the fields of support), `offices` (ministry and agency by name), `channels` (other ways in that are required).
    """

    call = models.OneToOneField(Call, on_delete=models.CASCADE, primary_key=True, related_name="card")
    short_ko = models.CharField(max_length=200, default="")
    short_en = models.CharField(max_length=200, default="")
    purpose_ko = models.TextField()
    purpose_en = models.TextField()
    contact = models.TextField(blank=True)
    channels = models.TextField(blank=True)
    ministry = models.CharField(max_length=200, blank=True)
    agency = models.CharField(max_length=200, blank=True)
    search = models.TextField()
    regions = models.TextField()
    kinds = models.TextField()
    supports = models.TextField()
    offices = models.TextField()


class Mark(models.Model):
    """One row that every change of what the public reads writes anew: `value` never repeats, `at` is the change's instant."""

    value = models.CharField(max_length=32)
    at = models.DateTimeField()


class Print(models.Model):
    """A version of a call printed as a file, made once: `language` "ko" or "en", `form` "pdf" or "hwpx"."""

    version = models.ForeignKey(CallVersion, on_delete=models.PROTECT, related_name="prints")
    language = models.CharField(max_length=2)
    form = models.CharField(max_length=4)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="print_once", fields=["version", "language", "form"])
        ]
