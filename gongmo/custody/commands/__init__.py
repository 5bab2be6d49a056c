"""Every change of this floor."""

from gongmo.custody.commands.destruction import agree, destroy, hold, propose
from gongmo.custody.commands.reviewing import LONGEST, count_months, sign_off

__all__ = ["LONGEST", "agree", "count_months", "destroy", "hold", "propose", "sign_off"]
