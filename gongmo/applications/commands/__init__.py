"""Every change of an application."""

from gongmo.applications.commands.arrivals import register_arrival, register_arrivals, undo_arrival
from gongmo.applications.commands.autosave import FieldInput, Saved, SaveOutcome, SaveState, save_fields
from gongmo.applications.commands.documents import attach, detach, reinstate
from gongmo.applications.commands.importing import MemberInput, import_members
from gongmo.applications.commands.invitations import Asked, invite_by, resend_link, withdraw_link
from gongmo.applications.commands.kpis import add_kpi, remove_kpi
from gongmo.applications.commands.members import (
    answer_invitation,
    invite,
    remove_member,
    set_buys_assets,
    set_role,
)
from gongmo.applications.commands.money import set_cells
from gongmo.applications.commands.overview import start, update_overview
from gongmo.applications.commands.reminders import Reminded, remind
from gongmo.applications.commands.restore import restore_field, restore_version
from gongmo.applications.commands.signatures import renew_paper, sign, withdraw_signature
from gongmo.applications.commands.statements import consent, declare
from gongmo.applications.commands.submit import submit
from gongmo.applications.commands.withdraw import withdraw

__all__ = [
    "Asked",
    "FieldInput",
    "MemberInput",
    "Reminded",
    "SaveOutcome",
    "SaveState",
    "Saved",
    "add_kpi",
    "answer_invitation",
    "attach",
    "consent",
    "declare",
    "detach",
    "import_members",
    "invite",
    "invite_by",
    "register_arrival",
    "register_arrivals",
    "reinstate",
    "remind",
    "remove_kpi",
    "remove_member",
    "renew_paper",
    "resend_link",
    "restore_field",
    "restore_version",
    "save_fields",
    "set_buys_assets",
    "set_cells",
    "set_role",
    "sign",
    "start",
    "submit",
    "undo_arrival",
    "update_overview",
    "withdraw",
    "withdraw_link",
    "withdraw_signature",
]
