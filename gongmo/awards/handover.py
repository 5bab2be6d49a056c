"""What of negotiations and agreements is open in an officer's hands, for the hand-over (인수인계) of a call."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.urls import reverse

from gongmo.awards.limits import limit_of
from gongmo.awards.models import Agreement, Amendment, Negotiation, TerminationCase
from gongmo.awards.states import UNDER_WAY, AgreementState, AmendmentState, NegotiationState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.kernel.clock import SEOUL
from gongmo.screening.queries.handover import Duty, contributes

KINDS = {
    "negotiation": Text(ko="협상", en="Negotiation"),
    "agreement": Text(ko="만들 협약", en="Agreement to draw up"),
    "signing": Text(ko="서명 중인 협약", en="Agreement being signed"),
    "amendment": Text(ko="협약 변경 요청", en="Change of an agreement"),
    "case": Text(ko="해약 건", en="Case on ending an agreement"),
}
TITLE = "application__title"


@contributes(KINDS)
def open_awards(call: Call) -> Iterable[Duty]:
    """Open negotiations with their limit, those that wait for an agreement, unsigned agreements, changes and cases. Five statements."""
    definition = definition_of(call)
    running = Negotiation.objects.filter(call=call, state=NegotiationState.OPEN)
    for each in running.select_related("application__lead", "application__region"):
        last = limit_of(definition, each)
        due = None if last is None else datetime.combine(last + timedelta(days=1), time(), SEOUL)
        url = reverse("awards:table", args=[each.pk])
        yield Duty("negotiation", each.pk, each.application_id, each.application.title, due, url)
    page = reverse("awards:negotiations", args=[call.slug])
    agreed = Negotiation.objects.filter(
        call=call, state=NegotiationState.AGREED, application__agreement__isnull=True
    )
    for pk, application, title in agreed.values_list("pk", "application_id", TITLE):
        yield Duty("agreement", pk, application, title, None, page)
    unsigned = Agreement.objects.filter(call=call, state=AgreementState.DRAFT)
    for pk, application, title in unsigned.values_list("pk", "application_id", TITLE):
        yield Duty("signing", pk, application, title, None, reverse("awards:agreement", args=[pk]))
    of = ("pk", "agreement_id", "agreement__application_id", "agreement__application__title")
    asked = Amendment.objects.filter(agreement__call=call, state=AmendmentState.ASKED)
    for pk, agreement, application, title in asked.values_list(*of):
        yield Duty("amendment", pk, application, title, None, reverse("awards:changes", args=[agreement]))
    cases = TerminationCase.objects.filter(agreement__call=call, state__in=UNDER_WAY)
    for pk, agreement, application, title in cases.values_list(*of):
        yield Duty("case", pk, application, title, None, reverse("awards:case", args=[agreement]))
