import uuid

import django.db.models.deletion
from django.db import migrations, models

from gongmo.migrating import TablesMigration


class Migration(TablesMigration):
    initial = True

    dependencies = [
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("last_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("losses", models.PositiveIntegerField(default=0)),
                ("again", models.BooleanField(default=False)),
                ("worker", models.CharField(blank=True, max_length=64)),
                ("token", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
                ("error_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="job",
                        to="django_tasks_database.dbtaskresult",
                    ),
                ),
                ("request", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("lease_until__isnull", False)),
                        fields=["lease_until"],
                        name="job_by_lease",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Beat",
            fields=[
                ("worker", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("memory", models.BigIntegerField(default=0)),
            ],
        ),
    ]
