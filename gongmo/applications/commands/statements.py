"""What each organisation says for itself: its self-check on exclusions, and its consents."""

from datetime import date

from django.db import transaction

from gongmo.applications.commands.base import changed, locked_by_member, require_editable, require_present
from gongmo.applications.models import Consent, Declaration
from gongmo.applications.policies import may_speak_for
from gongmo.applications.values import CONSENTS
from gongmo.calls.queries import definition_of
from gongmo.definition.application import Truth
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput


def declare(
    *,
    actor: Actor,
    member_id: int,
    fact: str,
    value: Truth,
    follow_up: bool | None = None,
    earlier_ended_on: date | None = None,
    note: str = "",
) -> Declaration:
    """Answer one exclusion question for the own organisation. `follow_up` and `earlier_ended_on` claim the follow-up exception.

    The record keeps the answer, not the note.
    """
    with transaction.atomic():
        application, member = locked_by_member(actor, member_id)
        may_speak_for.require(actor, member)
        require_editable(application)
        require_present(member, joined=True)
        if fact not in {kind.id for kind in definition_of(application.call).facts}:
            raise BadInput(
                "fact_unknown",
                "이 공고에 없는 자가점검 항목입니다.",
                "This call has no such self-check question.",
                field="fact",
            )
        note = note.strip()
        if len(note) > 2000:
            raise BadInput(
                "note_too_long",
                "설명은 2,000자 이내로 적어 주세요.",
                "Keep the note within 2,000 letters.",
                field="note",
            )
        declaration, _ = Declaration.objects.update_or_create(
            member=member,
            fact=fact,
            defaults={
                "value": Truth(value).value,
                "follow_up": follow_up,
                "earlier_ended_on": earlier_ended_on,
                "note": note,
                "declared_at": clock.now(),
                "declared_by_id": actor.person,
            },
        )
        changed(
            actor,
            application,
            "applications.declare",
            {
                "member": member.pk,
                "organisation": member.organisation_id,
                "fact": fact,
                "value": declaration.value,
                "follow_up": follow_up,
                "earlier_ended_on": earlier_ended_on,
            },
        )
    return declaration


def consent(*, actor: Actor, member_id: int, kind: str, given: bool) -> Consent:
    """Give or take back a consent of the own organisation (kinds: gongmo.applications.values.CONSENTS)."""
    with transaction.atomic():
        application, member = locked_by_member(actor, member_id)
        may_speak_for.require(actor, member)
        require_editable(application)
        require_present(member, joined=True)
        if kind not in {item.id for item in CONSENTS}:
            raise BadInput(
                "consent_unknown", "없는 동의 항목입니다.", "There is no such consent.", field="kind"
            )
        made, _ = Consent.objects.update_or_create(
            member=member,
            kind=kind,
            defaults={"given": given, "given_at": clock.now(), "given_by_id": actor.person},
        )
        changed(
            actor,
            application,
            "applications.consent",
            {"member": member.pk, "organisation": member.organisation_id, "kind": kind, "given": given},
        )
    return made
