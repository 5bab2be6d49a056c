"""Every change of this floor."""

from gongmo.custody.commands.destruction import agree, destroy, hold, propose
from gongmo.custody.commands.people import agree_person, destroy_person, hold_person, propose_people
from gongmo.custody.commands.reviewing import LONGEST, count_months, sign_off

__all__ = [
    "LONGEST",
    "agree",
    "agree_person",
    "count_months",
    "destroy",
    "destroy_person",
    "hold",
    "hold_person",
    "propose",
    "propose_people",
    "sign_off",
]
