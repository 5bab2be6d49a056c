"""Pages of the custody of personal data."""

from gongmo.custody.views.reasons import give_reason

__all__ = ["give_reason"]
