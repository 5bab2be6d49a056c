import django.db.models.deletion
from django.db import migrations, models

from gongmo.migrating import TablesMigration


class Migration(TablesMigration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("media_type", models.CharField(max_length=120)),
                ("extension", models.CharField(max_length=10)),
                ("stored_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="stored_file_not_empty")
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.CharField(max_length=43, primary_key=True, serialize=False)),
                ("person", models.BigIntegerField()),
                ("purpose", models.CharField(blank=True, max_length=200)),
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("offset", models.BigIntegerField(default=0)),
                ("modified", models.CharField(blank=True, max_length=20)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("receiving", "receiving"),
                            ("checking", "checking"),
                            ("stored", "stored"),
                            ("refused", "refused"),
                        ],
                        default="receiving",
                        max_length=10,
                    ),
                ),
                ("refusal", models.JSONField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
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
                "indexes": [
                    models.Index(fields=["person", "state"], name="upload_of_person"),
                    models.Index(fields=["expires_at"], name="upload_expiry"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("size__gt", 0), ("offset__gte", 0), ("offset__lte", models.F("size"))
                        ),
                        name="upload_within_its_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "stored"), _negated=True),
                            ("file__isnull", False),
                            _connector="OR",
                        ),
                        name="upload_stored_has_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="inspection",
                        serialize=False,
                        to="files.storedfile",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("done", "done"), ("failed", "failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveSmallIntegerField(default=0)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("text_length", models.PositiveIntegerField(default=0)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("off", "off"),
                            ("waiting", "waiting"),
                            ("clean", "clean"),
                            ("found", "found"),
                            ("unknown", "unknown"),
                        ],
                        default="off",
                        max_length=8,
                    ),
                ),
                ("scan_told", models.CharField(blank=True, max_length=200)),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state", "waiting"), ("scan__in", ["waiting", "unknown"]), _connector="OR"
                        ),
                        fields=["file"],
                        name="inspection_waiting",
                    )
                ],
            },
        ),
    ]
