"""Pages of the custody of personal data."""

from gongmo.custody.views.reasons import give_reason
from gongmo.custody.views.reviews import export, month, person, reviews

__all__ = ["export", "give_reason", "month", "person", "reviews"]
