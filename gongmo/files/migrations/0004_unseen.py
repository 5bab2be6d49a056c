from typing import Any

from django.db import migrations, models


def seen(apps: Any, schema_editor: Any) -> None:
    """What has an inspection need not be given one."""
    files = apps.get_model("files", "StoredFile").objects.using(schema_editor.connection.alias)
    files.filter(inspection__isnull=False).update(unseen=False)


class Migration(migrations.Migration):
    dependencies = [("files", "0003_destruction")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="unseen",
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("unseen", True)), fields=["sha256"], name="stored_file_unseen"
            ),
        ),
        migrations.RunPython(seen, migrations.RunPython.noop),
    ]
