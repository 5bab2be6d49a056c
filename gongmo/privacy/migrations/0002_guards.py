# The database refuses to change the access log, and to delete it early.

from django.db import migrations

from gongmo.privacy import guards


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [migrations.RunPython(guards.forwards, guards.backwards)]
