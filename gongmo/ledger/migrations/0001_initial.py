from django.db import migrations, models

from gongmo.migrating import TablesMigration


class Migration(TablesMigration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("signature", models.CharField(max_length=128)),
                ("public_key", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("act", models.CharField(max_length=60)),
                ("call", models.CharField(blank=True, max_length=63)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=80)),
                ("actor_role", models.CharField(max_length=12)),
                ("actor_person", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=80)),
                ("body", models.TextField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["sequence"],
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "sequence"], name="entry_by_subject"),
                    models.Index(fields=["call", "sequence"], name="entry_by_call"),
                ],
            },
        ),
    ]
