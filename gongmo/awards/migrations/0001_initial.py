# Made by makemigrations.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongmo.awards.states


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("applications", "0001_initial"),
        ("calls", "0001_initial"),
        ("parties", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_starts__lte", models.F("period_ends"))),
                name="agreement_period_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementmoney",
            constraint=models.UniqueConstraint(
                fields=("agreement", "year", "source", "form"), name="agreement_money_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementmoney",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="agreement_money_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementparty",
            constraint=models.UniqueConstraint(
                fields=("agreement", "organisation"), name="agreement_party_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationrun",
            constraint=models.UniqueConstraint(fields=("call", "number"), name="allocation_number_once"),
        ),
        migrations.AddConstraint(
            model_name="allocationline",
            constraint=models.UniqueConstraint(fields=("run", "application"), name="allocation_line_once"),
        ),
        migrations.AddConstraint(
            model_name="allocationline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="allocation_line_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="negotiation",
            constraint=models.UniqueConstraint(fields=("call", "place"), name="negotiation_place_once"),
        ),
    ]
