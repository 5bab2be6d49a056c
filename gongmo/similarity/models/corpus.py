"""Earlier projects, and the lists by which they came."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gongmo.parties.models import Organisation, Person
from gongmo.similarity.states import ImportState, imports_table


class CorpusImport(models.Model):
    """A list of earlier projects that somebody uploaded: what it is called, where it comes from, and how far it has come in.

    `mapping` names the column of the file for each part of a project. `problems` are the first rows that were left out [{row, ko, en}].
    The acts around it stand in the record; the counts move with the task, so the row itself is not sealed.
    """

    name = models.CharField(max_length=120)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=imports_table.choices(), default=ImportState.PREVIEW)
    mapping = models.JSONField(default=dict)
    total = models.PositiveIntegerField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    trouble_ko = models.CharField(max_length=500, blank=True)
    trouble_en = models.CharField(max_length=500, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class EarlierProject(models.Model):
    """A project that was supported earlier (or, `supported` False, only applied for), in the words of its list.

    From a list (`corpus_import`, `row`) it may be seen by all who see the corpus. From a call of this installation (`own_application`, the
    application's id) only by `owner`, the organisation that operates the call, and by the ministry. Money in won. No names of people.
    `segment` is the part of the index that holds it; None: not searchable yet. `sha256` is of its words.
    """

    corpus_import = models.ForeignKey(
        CorpusImport, null=True, blank=True, on_delete=models.PROTECT, related_name="projects"
    )
    row = models.PositiveIntegerField(null=True, blank=True)
    own_application = models.BigIntegerField(null=True, blank=True, unique=True)
    own_call = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    supported = models.BooleanField(default=True)
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=500)
    organisation = models.CharField(max_length=200, blank=True)
    funder = models.CharField(max_length=200, blank=True)
    programme = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    money = models.BigIntegerField(null=True, blank=True)
    goals = models.TextField(blank=True)
    content = models.TextField(blank=True)
    effects = models.TextField(blank=True)
    keywords = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    segment = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="earlier_project_row_once", fields=["corpus_import", "row"]),
            models.CheckConstraint(
                name="earlier_project_has_source",
                condition=Q(corpus_import__isnull=False)
                | Q(own_application__isnull=False, owner__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="earlier_project_words", fields=["sha256"]),
            models.Index(name="earlier_project_number", fields=["number"]),
        ]

    def __str__(self) -> str:
        return self.title
