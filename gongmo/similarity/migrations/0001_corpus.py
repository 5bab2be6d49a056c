import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongmo.similarity.states
from gongmo.migrating import TablesMigration


class Migration(TablesMigration):
    initial = True

    dependencies = [
        ("applications", "0001_initial"),
        ("calls", "0001_initial"),
        ("files", "0001_initial"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("numbers", models.BinaryField()),
                ("cells", models.BinaryField()),
                ("live", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("judged", models.PositiveIntegerField()),
                ("sources", models.CharField(max_length=64)),
                ("corpus", models.CharField(max_length=64)),
                ("concluded_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="similar_conclusions",
                        to="applications.application",
                    ),
                ),
                (
                    "concluded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CorpusImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preview", "확인 기다림"),
                            ("waiting", "가져오는 중"),
                            ("done", "가져옴"),
                            ("failed", "멈춤"),
                            ("dropping", "지우는 중"),
                            ("dropped", "지움"),
                        ],
                        default=gongmo.similarity.states.ImportState["PREVIEW"],
                        max_length=8,
                    ),
                ),
                ("mapping", models.JSONField(default=dict)),
                ("total", models.PositiveIntegerField(blank=True, null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("left_out", models.PositiveIntegerField(default=0)),
                ("problems", models.JSONField(blank=True, default=list)),
                ("trouble_ko", models.CharField(blank=True, max_length=500)),
                ("trouble_en", models.CharField(blank=True, max_length=500)),
                ("uploaded_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="EarlierProject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(blank=True, null=True)),
                ("own_application", models.BigIntegerField(blank=True, null=True, unique=True)),
                ("own_call", models.CharField(blank=True, max_length=80)),
                ("supported", models.BooleanField(default=True)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=500)),
                ("organisation", models.CharField(blank=True, max_length=200)),
                ("funder", models.CharField(blank=True, max_length=200)),
                ("programme", models.CharField(blank=True, max_length=300)),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("money", models.BigIntegerField(blank=True, null=True)),
                ("goals", models.TextField(blank=True)),
                ("content", models.TextField(blank=True)),
                ("effects", models.TextField(blank=True)),
                ("keywords", models.TextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("segment", models.BigIntegerField(blank=True, db_index=True, null=True)),
                (
                    "corpus_import",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="similarity.corpusimport",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["sha256"], name="earlier_project_words"),
                    models.Index(fields=["number"], name="earlier_project_number"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("corpus_import", "row"), name="earlier_project_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corpus_import__isnull", False),
                            models.Q(("own_application__isnull", False), ("owner__isnull", False)),
                            _connector="OR",
                        ),
                        name="earlier_project_has_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("project", models.BigIntegerField(blank=True, null=True)),
                ("told", models.JSONField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[("same", "same"), ("not_same", "not_same"), ("follow_up", "follow_up")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("evidence_name", models.CharField(blank=True, max_length=255)),
                ("judged_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="similar_judgements",
                        to="applications.application",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.application",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("other__isnull", True), ("project__isnull", False)),
                            models.Q(("other__isnull", False), ("project__isnull", True)),
                            _connector="OR",
                        ),
                        name="similar_judgement_on_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "follow_up"), _negated=True),
                            ("ended_on__isnull", False),
                            _connector="OR",
                        ),
                        name="similar_follow_up_has_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("parts", models.JSONField(default=list)),
                ("unread", models.JSONField(default=list)),
                ("sources", models.CharField(max_length=64)),
                ("corpus", models.CharField(max_length=64)),
                ("among", models.PositiveIntegerField()),
                ("looked_at", models.DateTimeField()),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="similar_look",
                        to="applications.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("told", models.JSONField(default=dict)),
                ("passages", models.JSONField(default=list)),
                (
                    "look",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="similarity.look",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="similarity.earlierproject",
                    ),
                ),
            ],
            options={
                "ordering": ["-score", "project_id"],
                "constraints": [models.UniqueConstraint(fields=("look", "project"), name="match_once")],
            },
        ),
        migrations.CreateModel(
            name="PairLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sources", models.CharField(max_length=64)),
                ("among", models.PositiveIntegerField()),
                ("common", models.PositiveIntegerField(default=0)),
                ("looked_at", models.DateTimeField()),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="similar_pairs",
                        to="calls.call",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("told", models.JSONField(default=dict)),
                ("passages", models.JSONField(default=list)),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.application",
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.application",
                    ),
                ),
                (
                    "look",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairs",
                        to="similarity.pairlook",
                    ),
                ),
            ],
            options={
                "ordering": ["-score", "id"],
                "constraints": [models.UniqueConstraint(fields=("look", "left", "right"), name="pair_once")],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("segment", models.BigIntegerField()),
                ("term", models.BigIntegerField()),
                ("places", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["segment"], name="posting_of_segment")],
                "constraints": [models.UniqueConstraint(fields=("term", "segment"), name="posting_once")],
            },
        ),
    ]
