"""Every change to organisations, people and roles."""

from gongmo.parties.commands.invitations import accept_invitation, invitation, read_invitation
from gongmo.parties.commands.organisations import register_organisation, update_organisation
from gongmo.parties.commands.people import register_person, rename_person
from gongmo.parties.commands.places import add_member, end_membership, grant_role, hand_over, revoke_role
from gongmo.parties.regions import load_regions

__all__ = [
    "accept_invitation",
    "add_member",
    "end_membership",
    "grant_role",
    "hand_over",
    "invitation",
    "load_regions",
    "read_invitation",
    "register_organisation",
    "register_person",
    "rename_person",
    "revoke_role",
    "update_organisation",
]
