"""The region table that comes with the software, and how it gets into the database."""

from importlib.resources import files
from typing import Any

import yaml
from django.db import connections

from gongmo.parties.models import Region


def shipped() -> list[dict[str, Any]]:
    """The rows of data/regions.yaml: code, ko, en, kind, valid_from, valid_to, successor."""
    rows = yaml.safe_load(files("gongmo.parties").joinpath("data/regions.yaml").read_text("utf-8"))
    return list(rows)


def load_regions(*, using: str = "default") -> int:
    """Bring the database's regions in line with the shipped table; regions added by hand stay. Returns how many rows changed."""
    held = {region.code: region for region in Region.objects.using(using).all()}
    changed = 0
    # Successors first, so that a reference always finds its row.
    for row in sorted(shipped(), key=lambda each: each.get("successor") is not None):
        wanted = {
            "ko": str(row["ko"]),
            "en": str(row["en"]),
            "kind": str(row["kind"]),
            "valid_from": row["valid_from"],
            "valid_to": row.get("valid_to"),
            "successor_id": row.get("successor"),
        }
        region = held.get(row["code"])
        if region is None or any(getattr(region, name) != value for name, value in wanted.items()):
            Region.objects.using(using).update_or_create(code=row["code"], defaults=wanted)
            changed += 1
    return changed


def after_migration(using: str = "default", **_kwargs: object) -> None:
    """Receiver of Django's post_migrate signal: the table is there before anyone asks for it."""
    if Region._meta.db_table in connections[using].introspection.table_names():
        load_regions(using=using)
