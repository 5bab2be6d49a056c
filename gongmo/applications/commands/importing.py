"""Inviting many organisations at once, as a file names them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from gongmo.applications.commands.base import changed, locked, require_editable
from gongmo.applications.commands.invitations import require_not_waiting, send_link
from gongmo.applications.commands.members import put_in, require_role
from gongmo.applications.policies import may_edit
from gongmo.applications.queries.invitations import waiting_links
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.parties import checks
from gongmo.parties.models import Organisation

MOST = 500
"""Organisations in one import."""


@dataclass(frozen=True, slots=True)
class MemberInput:
    """One organisation as somebody names it: row in the file, name, business number (10 digits), role of the call, address."""

    row: int
    name: str
    business_number: str
    role: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many organisations were invited at once and how many links were mailed, and why rows were left out."""

    invited: int
    mailed: int
    left_out: list[tuple[MemberInput, Refused]]


def import_members(
    *, actor: Actor, application_id: int, rows: Sequence[MemberInput], site: str = ""
) -> Imported:
    """Invite organisations: registered ones at once, others by a mailed link. Each row is judged alone; the right ones are invited.

    One entry of the record for all that were invited at once. Raises BadInput, NotAllowed, NotFound, Refused for the whole.
    """
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        if len(rows) > MOST:
            raise BadInput(
                "too_many_rows",
                f"한 번에 {MOST:,}곳까지 초대할 수 있습니다. 나누어 진행해 주세요.",
                f"At most {MOST:,} organisations are invited at once. Go in parts.",
                field="file",
            )
        require_editable(application)
        definition = definition_of(application.call)
        numbers = [row.business_number for row in rows]
        known = {
            each.business_number: each for each in Organisation.objects.filter(business_number__in=numbers)
        }
        waiting = list(waiting_links(application.pk))
        put: list[int] = []
        organisations: list[int] = []
        left_out: list[tuple[MemberInput, Refused]] = []
        mailed = 0
        for row in rows:
            try:
                require_role(definition, row.role)
                if not checks.is_business_number(row.business_number):
                    raise BadInput(
                        "business_number",
                        "사업자등록번호의 확인 숫자가 맞지 않습니다.",
                        "The check digit of the business number does not fit.",
                    )
                organisation = known.get(row.business_number)
                if organisation is not None:
                    # A savepoint: what a refused row began must not stand.
                    with transaction.atomic():
                        put.append(put_in(application, organisation, row.role).pk)
                    organisations.append(organisation.pk)
                    continue
                require_not_waiting(waiting, row.business_number, row.email)
                with transaction.atomic():
                    waiting.append(
                        send_link(
                            actor, application, row.role, row.business_number, row.email, row.name, site
                        )
                    )
                mailed += 1
            except Refused as refused:
                left_out.append((row, refused))
        if put:
            changed(
                actor,
                application,
                "applications.import_members",
                {"members": put, "organisations": organisations},
            )
    return Imported(len(put), mailed, left_out)
