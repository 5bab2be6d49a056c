import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gongmo.migrating import TablesMigration


class Migration(TablesMigration):
    initial = True

    dependencies = [
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("token", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sender", models.CharField(max_length=320)),
                ("recipients", models.JSONField()),
                ("subject", models.CharField(max_length=300)),
                ("source", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-made_at", "-id"], name="mail_newest")],
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("submission", "submission"),
                            ("deadline", "deadline"),
                            ("request", "request"),
                            ("consortium", "consortium"),
                            ("call", "call"),
                            ("evaluation", "evaluation"),
                            ("award", "award"),
                            ("account", "account"),
                            ("system", "system"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "manner",
                    models.CharField(
                        choices=[("at_once", "at_once"), ("daily", "daily"), ("never", "never")], max_length=8
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "category"), name="choice_once")],
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
                ("key", models.CharField(max_length=120)),
                ("entry", models.BigIntegerField(null=True)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("submission", "submission"),
                            ("deadline", "deadline"),
                            ("request", "request"),
                            ("consortium", "consortium"),
                            ("call", "call"),
                            ("evaluation", "evaluation"),
                            ("award", "award"),
                            ("account", "account"),
                            ("system", "system"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title_ko", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("body_ko", models.TextField(blank=True)),
                ("body_en", models.TextField(blank=True)),
                ("url", models.CharField(max_length=300)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("ministry", "ministry"),
                            ("agency", "agency"),
                            ("task_force", "task_force"),
                            ("applicant", "applicant"),
                            ("evaluator", "evaluator"),
                            ("operator", "operator"),
                            ("system", "system"),
                            ("public", "public"),
                        ],
                        max_length=12,
                    ),
                ),
                ("organisation", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "posting",
                    models.CharField(
                        choices=[("none", "None"), ("due", "Due"), ("daily", "Daily"), ("sent", "Sent")],
                        max_length=5,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-created_at", "-id"], name="notice_newest"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["person"], name="notice_unread"
                    ),
                    models.Index(
                        condition=models.Q(("posting__in", ["due", "daily"])),
                        fields=["posting"],
                        name="notice_to_post",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("person", "key"), name="notice_once")],
            },
        ),
    ]
