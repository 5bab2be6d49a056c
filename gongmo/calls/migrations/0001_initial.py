import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongmo.calls.states
from gongmo.migrating import TablesMigration


class Migration(TablesMigration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("definition", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("changes", models.JSONField(default=list)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="calls.call"
                    ),
                ),
                ("announcement_en", models.TextField(blank=True)),
                ("announcement_ko", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["call", "number"],
                "constraints": [models.UniqueConstraint(fields=("call", "number"), name="call_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=63, unique=True)),
                ("programme", models.CharField(max_length=63)),
                ("title_ko", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("published", "공고"),
                            ("closed", "접수 마감"),
                            ("cancelled", "취소"),
                            ("finished", "완료"),
                        ],
                        default=gongmo.calls.states.CallState["PUBLISHED"],
                        max_length=20,
                    ),
                ),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("rehearsal", models.BooleanField(default=False)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="calls.call",
                    ),
                ),
                ("parent_agreement", models.BigIntegerField(blank=True, null=True)),
                ("parent_reference", models.CharField(blank=True, max_length=80)),
                ("parent_region", models.CharField(blank=True, max_length=6)),
                ("pot", models.BigIntegerField(blank=True, null=True)),
                ("published_at", models.DateTimeField()),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operated_calls",
                        to="parties.organisation",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.callversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("opens_at__lt", models.F("closes_at"))),
                        name="call_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pot__isnull", True), ("pot__gte", 0), _connector="OR"),
                        name="call_pot_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("announcement", "공고"),
                            ("amendment", "정정공고"),
                            ("extension", "마감 연장"),
                            ("general", "알림"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                ("published_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="calls.call"
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("public", models.BooleanField(default=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="calls.call"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="calls.call",
                    ),
                ),
                ("purpose_ko", models.TextField()),
                ("purpose_en", models.TextField()),
                ("ministry", models.CharField(blank=True, max_length=200)),
                ("agency", models.CharField(blank=True, max_length=200)),
                ("search", models.TextField()),
                ("regions", models.TextField()),
                ("kinds", models.TextField()),
                ("supports", models.TextField()),
                ("offices", models.TextField()),
                ("channels", models.TextField(blank=True)),
                ("contact", models.TextField(blank=True)),
                ("short_en", models.CharField(default="", max_length=200)),
                ("short_ko", models.CharField(default="", max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("public", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField()),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="calls.question",
                    ),
                ),
            ],
            options={
                "ordering": ["question", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "number"), name="answer_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Print",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("form", models.CharField(max_length=4)),
                ("made_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prints",
                        to="calls.callversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "language", "form"), name="print_once")
                ],
            },
        ),
    ]
