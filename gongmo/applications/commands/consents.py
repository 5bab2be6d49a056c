"""Taking an optional consent back, at any time (개인정보 보호법 제37조)."""

from django.db import transaction

from gongmo.applications.commands.base import locked_by_member
from gongmo.applications.models import Consent
from gongmo.applications.policies import may_speak_for
from gongmo.applications.values import CONSENTS
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger import commands as ledger


def withdraw_consent(*, actor: Actor, member_id: int, kind: str) -> Consent:
    """Take back a consent that submitting does not need, also after the submission, whose manifest goes on saying what was handed in.

    Raises NotFound, NotAllowed, and Refused for a consent that is needed or was not given.
    """
    with transaction.atomic():
        application, member = locked_by_member(actor, member_id)
        may_speak_for.require(actor, member)
        known = next((item for item in CONSENTS if item.id == kind), None)
        found = Consent.objects.select_for_update().filter(member=member, kind=kind).first()
        if known is None or found is None:
            raise NotFound
        if known.required:
            raise Refused(
                "consent_needed",
                "이 동의는 신청에 꼭 필요합니다. 신청을 철회하려면 신청 화면에서 철회해 주세요.",
                "The application needs this consent. To withdraw the application itself, open its page.",
            )
        if not found.given:
            raise Refused("consent_not_given", "이미 거둔 동의입니다.", "This consent is not given.")
        found.given, found.given_at, found.given_by_id = False, clock.now(), actor.person
        found.save()
        ledger.append(
            actor=actor,
            act="applications.withdraw_consent",
            subject=("application", application.pk),
            call=application.call.slug,
            payload={"member": member.pk, "organisation": member.organisation_id, "kind": kind},
        )
    return found
