"""`gongmo manage prepare`: bring the database and the static files to this version."""

from typing import Any

from django.core.management.base import BaseCommand

from gongmo.web.serve import prepare


class Command(BaseCommand):
    help = "Migrate the database, make the cache table, and collect the static files when they changed."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
