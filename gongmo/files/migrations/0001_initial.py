# Made by makemigrations.

from django.db import migrations, models


class Migration(migrations.Migration):
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
    ]
