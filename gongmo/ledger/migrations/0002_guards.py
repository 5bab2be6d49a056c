"""The database refuses to change or delete the record (gongmo.ledger.guards)."""

from django.db import migrations

from gongmo.ledger import guards


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(guards.forwards, guards.backwards)]
