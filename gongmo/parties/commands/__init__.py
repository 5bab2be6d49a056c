"""Every change to organisations, people and roles."""

from gongmo.parties.commands.accounts import (
    close_account,
    end_own_session,
    reset_second_factor,
    sign_out_everywhere,
)
from gongmo.parties.commands.certificates import add_certificate, end_certificate
from gongmo.parties.commands.handover import hand_over
from gongmo.parties.commands.invitation_mails import VALID
from gongmo.parties.commands.invitations import (
    accept_for_organisation,
    accept_invitation,
    forget_invited_addresses,
    invitation,
    invite_member,
    invite_organisation,
    offer_hand_over,
    read_invitation,
    resend_invitation,
    withdraw_invitation,
)
from gongmo.parties.commands.organisations import register_organisation, update_organisation
from gongmo.parties.commands.people import register_person, rename_person
from gongmo.parties.commands.places import (
    add_member,
    change_role,
    end_membership,
    grant_role,
    revoke_role,
)
from gongmo.parties.regions import load_regions

__all__ = [
    "VALID",
    "accept_for_organisation",
    "accept_invitation",
    "add_certificate",
    "add_member",
    "change_role",
    "close_account",
    "end_certificate",
    "end_membership",
    "end_own_session",
    "forget_invited_addresses",
    "grant_role",
    "hand_over",
    "invitation",
    "invite_member",
    "invite_organisation",
    "load_regions",
    "offer_hand_over",
    "read_invitation",
    "register_organisation",
    "register_person",
    "rename_person",
    "resend_invitation",
    "reset_second_factor",
    "revoke_role",
    "sign_out_everywhere",
    "update_organisation",
    "withdraw_invitation",
]
