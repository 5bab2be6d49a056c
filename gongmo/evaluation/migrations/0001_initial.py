import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongmo.evaluation.states
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
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bonuses",
                        to="applications.application",
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("item", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "확인 대기"),
                            ("confirmed", "반영"),
                            ("refused", "반영하지 않음"),
                        ],
                        default=gongmo.evaluation.states.BonusState["PROPOSED"],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
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
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="evaluation.committee",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("call", "name"), name="committee_name_once")],
            },
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
                ("outside_sessions", models.PositiveSmallIntegerField(default=0)),
                ("outside_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pool_consent_on", models.DateField(blank=True, null=True)),
                ("privacy_consent_on", models.DateField(blank=True, null=True)),
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
                        blank=True,
                        null=True,
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
                ("position", models.CharField(blank=True, max_length=80)),
                ("business_number", models.CharField(blank=True, max_length=10)),
                ("organisation_name", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("organisation__isnull", False),
                            models.Q(("organisation_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="affiliation_has_employer",
                    )
                ],
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="Objection",
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
                        choices=[
                            ("filed", "이의신청 접수"),
                            ("dismissed", "받아들이지 않음"),
                            ("upheld", "다시 평가"),
                            ("rescored", "다시 평가함"),
                        ],
                        default=gongmo.evaluation.states.ObjectionState["FILED"],
                        max_length=10,
                    ),
                ),
                ("filed_at", models.DateTimeField()),
                ("answer_by", models.DateField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="result_objections",
                        to="applications.application",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ranking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="evaluation.ranking",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "ranking"), name="result_objection_once")
                ],
            },
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rankings", to="calls.call"
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
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("paper", models.TextField(blank=True)),
                ("paper_hash", models.CharField(blank=True, max_length=64)),
                (
                    "objection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rankings",
                        to="evaluation.objection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="ranking_version_once")
                ],
                "ordering": ["call_id", "-number"],
            },
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
                ("answer_reason", models.CharField(blank=True, max_length=300)),
                ("panel", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("committee", "evaluator"), name="seat_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("chair", True)), fields=("committee", "panel"), name="one_chair"
                    ),
                ],
            },
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
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "objection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_runs",
                        to="evaluation.objection",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "stage", "round"), name="stage_once")
                ],
            },
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
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="evaluation.seat",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="evaluation.stagerun",
                    ),
                ),
                ("opinion_revision", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "seat", "application"), name="sheet_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "locked"), _negated=True),
                            ("locked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sheet_locked_has_instant",
                    ),
                ],
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
                ("comment_revision", models.PositiveIntegerField(default=0)),
                ("points_revision", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "criterion"), name="score_once"),
                    models.CheckConstraint(
                        condition=models.Q(("points__isnull", True), ("points__gte", 0), _connector="OR"),
                        name="score_not_negative",
                    ),
                ],
            },
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("seat", "application"), name="disqualified_once")
                ],
            },
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("seat", "application"), name="conflict_declared_once")
                ],
            },
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
                        choices=[
                            ("wanted", "현장평가 필요"),
                            ("planned", "현장평가 예정"),
                            ("done", "현장평가 완료"),
                        ],
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
                ("plan", models.TextField(blank=True)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                ("planned_place", models.CharField(blank=True, max_length=200)),
            ],
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
        migrations.CreateModel(
            name="PresentationDay",
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
                        choices=[("planned", "알리기 전"), ("announced", "알림")],
                        default=gongmo.evaluation.states.DayState["PLANNED"],
                        max_length=9,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("place", models.CharField(max_length=200)),
                ("talk_minutes", models.PositiveSmallIntegerField()),
                ("question_minutes", models.PositiveSmallIntegerField()),
                ("change_minutes", models.PositiveSmallIntegerField()),
                ("rest_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("rest_minutes", models.PositiveSmallIntegerField(default=0)),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("planned_at", models.DateTimeField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="evaluation.stagerun",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="PresentationSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "차례를 기다림"),
                            ("talking", "발표 중"),
                            ("asking", "질의응답 중"),
                            ("done", "발표 마침"),
                            ("absent", "불참"),
                        ],
                        default=gongmo.evaluation.states.SlotState["WAITING"],
                        max_length=8,
                    ),
                ),
                ("presenter", models.CharField(blank=True, max_length=10)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presentation_slots",
                        to="applications.application",
                    ),
                ),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="evaluation.presentationday",
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "application"), name="slot_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_at__isnull", True), ("checked_at__isnull", False), _connector="OR"
                        ),
                        name="slot_started_was_checked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PresentationQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("noted_at", models.DateTimeField()),
                (
                    "seat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.seat",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="evaluation.presentationslot",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="VisitPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("caption", models.CharField(blank=True, max_length=200)),
                ("added_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="evaluation.sitevisit",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="EvaluatorNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("bookmark", "책갈피"), ("note", "메모")], max_length=8)),
                ("page", models.PositiveIntegerField(default=0)),
                ("text", models.TextField(blank=True)),
                ("noted_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.application",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.applicationdocument",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.stagerun",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="evaluation.seat",
                    ),
                ),
            ],
            options={
                "ordering": ["document_id", "page", "id"],
                "indexes": [models.Index(fields=["seat", "application"], name="note_by_seat")],
            },
        ),
        migrations.CreateModel(
            name="ObjectionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="evaluation.objection",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ResultNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("told_at", models.DateTimeField()),
                ("objections_until", models.DateTimeField(blank=True, null=True)),
                (
                    "ranking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice",
                        to="evaluation.ranking",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to="evaluation.evaluator",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="applications.application",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="evaluation.seat",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("seat", "application"), name="assigned_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Challenge",
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
                        choices=[
                            ("asked", "기피 신청"),
                            ("upheld", "받아들임"),
                            ("rejected", "받아들이지 않음"),
                        ],
                        default=gongmo.evaluation.states.ChallengeState["ASKED"],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("in_favour", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("against", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="challenges",
                        to="applications.application",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
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
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="challenges",
                        to="evaluation.seat",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("seat", "application"),
                        name="challenge_waits_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("draw", models.PositiveIntegerField()),
                ("seed", models.BigIntegerField()),
                ("inputs", models.TextField()),
                ("inputs_hash", models.CharField(max_length=64)),
                ("result", models.TextField()),
                ("solver", models.CharField(max_length=60)),
                ("seats", models.JSONField(default=list)),
                ("changes", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "제안"), ("fixed", "확정"), ("dropped", "쓰지 않음")],
                        default=gongmo.evaluation.states.ProposalState["PROPOSED"],
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("fixed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="calls.call"
                    ),
                ),
                (
                    "committee",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="evaluation.committee",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.committee",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("call", "draw"), name="draw_once")],
            },
        ),
    ]
