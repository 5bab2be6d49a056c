"""Pages of the custody of personal data."""

from gongmo.custody.views.own import own, own_file
from gongmo.custody.views.people import person_certificate, person_destruction
from gongmo.custody.views.reasons import give_reason
from gongmo.custody.views.retention import certificate, destruction, retention
from gongmo.custody.views.reviews import export, month, person, reviews

__all__ = [
    "certificate",
    "destruction",
    "export",
    "give_reason",
    "month",
    "own",
    "own_file",
    "person",
    "person_certificate",
    "person_destruction",
    "retention",
    "reviews",
]
