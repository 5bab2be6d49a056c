"""Locking a row before it is read and then written."""

from typing import Any

from django.db import models


def lock(model: type[models.Model], key: Any) -> bool:
    """Lock the row until the transaction ends; whether there is such a row.

    Read what is joined to it in a second statement: PostgreSQL, having waited for a lock, sees the locked row as it now is but
    its joined rows as they were when the statement began, and loses a joined row whose key has changed meanwhile.
    """
    found = model._base_manager.select_for_update().filter(pk=key).values_list("pk", flat=True)
    return found.first() is not None
