import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongmo.awards.states
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
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "서명 중"),
                            ("in_force", "협약 중"),
                            ("terminated", "해약"),
                            ("finished", "종료"),
                        ],
                        default=gongmo.awards.states.AgreementState["DRAFT"],
                        max_length=10,
                    ),
                ),
                ("period_starts", models.DateField()),
                ("period_ends", models.DateField()),
                ("drawn_up_at", models.DateTimeField()),
                ("in_force_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_clause", models.CharField(blank=True, max_length=8)),
                ("end_reason", models.TextField(blank=True)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement",
                        to="applications.application",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("period_starts__lte", models.F("period_ends"))),
                        name="agreement_period_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementMoney",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=48)),
                ("form", models.CharField(max_length=8)),
                ("amount", models.BigIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="money",
                        to="awards.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ["year", "source", "form"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "year", "source", "form"), name="agreement_money_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="agreement_money_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=48)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="awards.agreement",
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
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "organisation"), name="agreement_party_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AllocationRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("inputs", models.TextField()),
                ("inputs_hash", models.CharField(max_length=64)),
                ("result", models.TextField()),
                ("fixed_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "ordering": ["call", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "number"), name="allocation_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AllocationLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocation_lines",
                        to="applications.application",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="awards.allocationrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "application"), name="allocation_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="allocation_line_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Negotiation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                ("rank", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reserve", "예비순위"),
                            ("open", "우선협상 중"),
                            ("agreed", "협상 완료"),
                            ("failed", "협상 결렬"),
                        ],
                        default=gongmo.awards.states.NegotiationState["RESERVE"],
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="negotiation",
                        to="applications.application",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="negotiations",
                        to="calls.call",
                    ),
                ),
                (
                    "promoted_for",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promoted",
                        to="awards.negotiation",
                    ),
                ),
            ],
            options={
                "ordering": ["call", "place"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "place"), name="negotiation_place_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NegotiationNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("held_at", models.DateTimeField()),
                (
                    "negotiation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="awards.negotiation",
                    ),
                ),
                (
                    "recorded_by",
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
            name="AgreementVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "cause",
                    models.CharField(
                        choices=[("first", "처음"), ("amendment", "변경"), ("renewal", "재협약")],
                        default="first",
                        max_length=9,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("signing", "서명 중"),
                            ("in_force", "시행 중"),
                            ("superseded", "지난 판"),
                            ("dropped", "거둠"),
                        ],
                        default=gongmo.awards.states.VersionState["SIGNING"],
                        max_length=10,
                    ),
                ),
                ("content", models.TextField()),
                ("paper_sha256", models.CharField(max_length=64)),
                ("reason", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("in_force_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="awards.agreement",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "number"), name="agreement_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "signing")),
                        fields=("agreement",),
                        name="agreement_version_one_signed_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("agreement",),
                        name="agreement_version_one_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("paper_sha256", models.CharField(max_length=64)),
                ("signer_name", models.CharField(max_length=100)),
                ("signer_title", models.CharField(blank=True, max_length=100)),
                ("drawing", models.TextField(blank=True)),
                ("signed_at", models.DateTimeField()),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="awards.agreementparty",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="awards.agreementversion",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "party"), name="agreement_signature_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementPrint",
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
                            ("pdf", "PDF"),
                            ("hwpx", "HWPX"),
                            ("sealed", "봉인한 PDF"),
                            ("own", "기관 인증서로 서명한 PDF"),
                        ],
                        max_length=6,
                    ),
                ),
                ("number", models.PositiveIntegerField(default=1)),
                ("told", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prints",
                        to="awards.agreementversion",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "kind", "number"), name="agreement_print_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kinds", models.JSONField(default=list)),
                (
                    "needs",
                    models.CharField(
                        choices=[("approval", "approval"), ("notice", "notice")],
                        default="approval",
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "승인 요청"),
                            ("approved", "승인"),
                            ("refused", "승인하지 않음"),
                            ("told", "알림"),
                            ("withdrawn", "거둠"),
                        ],
                        default=gongmo.awards.states.AmendmentState["ASKED"],
                        max_length=9,
                    ),
                ),
                ("proposed", models.TextField()),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="awards.agreement",
                    ),
                ),
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
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="awards.agreementversion",
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
                    "version",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendment",
                        to="awards.agreementversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("agreement",),
                        name="amendment_one_asked",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NegotiationOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "side",
                    models.CharField(choices=[("agency", "운영기관"), ("party", "신청기관")], max_length=6),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("standing", "답을 기다림"),
                            ("accepted", "받아들임"),
                            ("answered", "다른 안이 나옴"),
                        ],
                        default=gongmo.awards.states.OfferState["STANDING"],
                        max_length=8,
                    ),
                ),
                ("amount", models.BigIntegerField(blank=True, null=True)),
                ("scope", models.TextField(blank=True)),
                ("goals", models.TextField(blank=True)),
                ("message", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
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
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "negotiation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="awards.negotiation",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("negotiation", "number"), name="offer_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["standing", "accepted"])),
                        fields=("negotiation",),
                        name="offer_one_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="offer_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NegotiationPoint",
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
                        choices=[("money", "money"), ("scope", "scope"), ("goals", "goals")], max_length=8
                    ),
                ),
                ("agreed", models.BooleanField(default=False)),
                ("by_agency", models.BooleanField(default=False)),
                ("by_party", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                (
                    "negotiation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="awards.negotiation",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="awards.negotiationoffer",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("negotiation", "kind"), name="negotiation_point_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed", False),
                            models.Q(("by_agency", True), ("by_party", True)),
                            _connector="OR",
                        ),
                        name="negotiation_point_agreed_by_both",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TerminationCase",
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
                        choices=[("cause", "사유"), ("consent", "합의")], default="cause", max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opened", "의견 기다림"),
                            ("heard", "의견 들음"),
                            ("proposed", "다른 담당자의 확인 기다림"),
                            ("terminated", "해약"),
                            ("kept", "협약 유지"),
                        ],
                        default=gongmo.awards.states.CaseState["OPENED"],
                        max_length=10,
                    ),
                ),
                ("clause", models.CharField(blank=True, max_length=8)),
                ("reason", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "proposal",
                    models.CharField(
                        blank=True, choices=[("terminate", "terminate"), ("keep", "keep")], max_length=9
                    ),
                ),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("grounds_text", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="awards.agreement",
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
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["opened", "heard", "proposed"])),
                        fields=("agreement",),
                        name="termination_case_one_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "terminated"), _negated=True),
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="termination_case_four_eyes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TerminationGround",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clause", models.CharField(max_length=8)),
                ("reason", models.TextField()),
                ("evidence", models.TextField(blank=True)),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grounds",
                        to="awards.terminationcase",
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
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TerminationMoney",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=48)),
                ("paid", models.BigIntegerField()),
                ("paid_on", models.DateField(blank=True, null=True)),
                ("spent", models.BigIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="money",
                        to="awards.terminationcase",
                    ),
                ),
            ],
            options={
                "ordering": ["year", "source"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "year", "source"), name="termination_money_once"),
                    models.CheckConstraint(
                        condition=models.Q(("paid__gte", 0), ("spent__gte", 0)),
                        name="termination_money_in_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TerminationStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("consents", models.BooleanField(default=False)),
                ("text", models.TextField(blank=True)),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="awards.terminationcase",
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
                (
                    "made_by",
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
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="YearlyResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("goes_on", models.BooleanField()),
                ("grade", models.CharField(blank=True, max_length=40)),
                ("opinion", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="yearly_results",
                        to="awards.agreement",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["year"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "year"), name="yearly_result_once")
                ],
            },
        ),
    ]
