from django.db import migrations, models

import gongmo.registers.states
from gongmo.migrating import TablesMigration


class Migration(TablesMigration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Circuit",
            fields=[
                ("register", models.CharField(max_length=20, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("closed", "정상"), ("open", "멈춤"), ("probing", "다시 확인 중")],
                        default=gongmo.registers.states.CircuitState["CLOSED"],
                        max_length=8,
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0)),
                ("openings", models.PositiveIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=12)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("opened_at", models.DateTimeField(null=True)),
                ("retry_at", models.DateTimeField(null=True)),
                ("went_well_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("requests", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="RegisterAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "register",
                    models.CharField(
                        choices=[
                            ("business_status", "국세청 사업자 상태"),
                            ("business_validation", "국세청 진위확인"),
                            ("accounts", "금융위원회 재무정보"),
                            ("outline", "금융위원회 기업개요"),
                            ("holidays", "천문연구원 공휴일"),
                            ("addresses", "도로명주소"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("question", models.CharField(max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("match", "확인됨"),
                            ("mismatch", "기록과 다름"),
                            ("unregistered", "등록되지 않음"),
                            ("suspended", "휴업"),
                            ("closed", "폐업"),
                            ("unavailable", "확인하지 못함"),
                        ],
                        max_length=12,
                    ),
                ),
                ("payload", models.TextField(default="{}")),
                ("asked_at", models.DateTimeField()),
                ("as_of", models.DateField()),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["number", "register", "id"], name="register_answer_newest"),
                    models.Index(fields=["question", "id"], name="register_answer_question"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wanted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=20)),
                ("topic", models.CharField(max_length=20)),
                ("reference", models.BigIntegerField()),
                ("trouble", models.CharField(max_length=12)),
                ("since", models.DateTimeField()),
                ("tried_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [models.Index(fields=["number", "register"], name="wanted_number")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "reference", "register", "number"), name="wanted_once"
                    )
                ],
            },
        ),
    ]
