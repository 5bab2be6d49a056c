# Made by makemigrations.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongmo.evaluation.states


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("applications", "0001_initial"),
        ("calls", "0001_initial"),
        ("files", "0001_initial"),
        ("parties", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bonus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.DecimalField(decimal_places=3, max_digits=7)),
                ("reason", models.CharField(max_length=300)),
                ("given_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bonuses",
                        to="applications.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Committee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("formed_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="committees",
                        to="calls.call",
                    ),
                ),
                (
                    "formed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evaluator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=40, unique=True)),
                (
                    "sector",
                    models.CharField(
                        choices=[("industry", "산업계"), ("academia", "학계"), ("research", "연구계")],
                        max_length=10,
                    ),
                ),
                ("expertise", models.JSONField(default=list)),
                ("active", models.BooleanField(default=True)),
                ("registered_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluator",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.region",
                    ),
                ),
            ],
            options={
                "ordering": ["label"],
            },
        ),
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to="evaluation.evaluator",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("inputs", models.TextField()),
                ("inputs_hash", models.CharField(max_length=64)),
                ("result", models.TextField()),
                ("fixed_at", models.DateTimeField()),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ranking", to="calls.call"
                    ),
                ),
                (
                    "fixed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("declared_at", models.DateTimeField()),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations",
                        to="evaluation.evaluator",
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
            ],
        ),
        migrations.CreateModel(
            name="ScoreSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "채점 중"), ("locked", "확정"), ("void", "무효")],
                        default=gongmo.evaluation.states.SheetState["OPEN"],
                        max_length=8,
                    ),
                ),
                ("overall_opinion", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                ("seal", models.CharField(blank=True, max_length=64)),
                (
                    "void_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("disqualified", "제척·기피·회피"),
                            ("left", "위원 회피"),
                            ("excluded", "신청 제외"),
                            ("not_advanced", "다음 단계에 오르지 않음"),
                        ],
                        max_length=12,
                    ),
                ),
                ("void_reason", models.CharField(blank=True, max_length=300)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="applications.application",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("criterion", models.CharField(max_length=16)),
                ("points", models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True)),
                ("comment", models.TextField(blank=True)),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="evaluation.scoresheet",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chair", models.BooleanField(default=False)),
                ("reserve", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "위촉 요청"),
                            ("pledged", "위촉·서약"),
                            ("recused", "회피"),
                            ("declined", "거절"),
                        ],
                        default=gongmo.evaluation.states.SeatState["INVITED"],
                        max_length=10,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("pledged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="evaluation.committee",
                    ),
                ),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="evaluation.evaluator",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="seat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="evaluation.seat"
            ),
        ),
        migrations.CreateModel(
            name="Disqualification",
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
                        choices=[("detected", "제척"), ("challenged", "기피"), ("recused", "회피")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=400)),
                ("decided_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disqualifications",
                        to="applications.application",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disqualifications",
                        to="evaluation.seat",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConflictDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("conflict", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("declared_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.application",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="evaluation.seat",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("wanted", "현장평가 필요"), ("done", "현장평가 완료")],
                        default=gongmo.evaluation.states.VisitState["WANTED"],
                        max_length=8,
                    ),
                ),
                ("wanted_at", models.DateTimeField()),
                ("visited_on", models.DateField(blank=True, null=True)),
                ("memo", models.TextField(blank=True)),
                ("file_name", models.CharField(blank=True, max_length=255)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_visit",
                        to="applications.application",
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_visits",
                        to="evaluation.committee",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StageRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=48)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "평가 중"), ("locked", "평가 완료")],
                        default=gongmo.evaluation.states.StageState["OPEN"],
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_runs",
                        to="calls.call",
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_runs",
                        to="evaluation.committee",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calls.callversion"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="evaluation.stagerun"
            ),
        ),
        migrations.CreateModel(
            name="Substitute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("presenter", models.CharField(max_length=80)),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "동의 요청"), ("consented", "동의"), ("refused", "동의하지 않음")],
                        default=gongmo.evaluation.states.SubstituteState["ASKED"],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitute",
                        to="applications.application",
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
            ],
        ),
        migrations.CreateModel(
            name="TieDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=48)),
                ("order", models.JSONField()),
                ("reason", models.TextField()),
                ("decided_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tie_decisions",
                        to="calls.call",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="committee",
            constraint=models.UniqueConstraint(fields=("call", "name"), name="committee_name_once"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(fields=("sheet", "criterion"), name="score_once"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__isnull", True), ("points__gte", 0), _connector="OR"),
                name="score_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(fields=("committee", "evaluator"), name="seat_once"),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chair", True)), fields=("committee",), name="one_chair"
            ),
        ),
        migrations.AddConstraint(
            model_name="disqualification",
            constraint=models.UniqueConstraint(fields=("seat", "application"), name="disqualified_once"),
        ),
        migrations.AddConstraint(
            model_name="conflictdeclaration",
            constraint=models.UniqueConstraint(fields=("seat", "application"), name="conflict_declared_once"),
        ),
        migrations.AddConstraint(
            model_name="stagerun",
            constraint=models.UniqueConstraint(fields=("call", "stage"), name="stage_once"),
        ),
        migrations.AddConstraint(
            model_name="scoresheet",
            constraint=models.UniqueConstraint(fields=("run", "seat", "application"), name="sheet_once"),
        ),
        migrations.AddConstraint(
            model_name="scoresheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "locked"), _negated=True),
                    ("locked_at__isnull", False),
                    _connector="OR",
                ),
                name="sheet_locked_has_instant",
            ),
        ),
    ]
