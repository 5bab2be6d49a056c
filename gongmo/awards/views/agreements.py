"""Agreements: the list, one of them with its versions and signatures, signing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongmo.applications.policies import may_see as see_application
from gongmo.awards import commands, policies, queries
from gongmo.awards.commands.finishing import unsettled
from gongmo.awards.models import Agreement
from gongmo.awards.picture import agreement_money, source_totals
from gongmo.awards.states import AgreementState, agreements_table
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger.queries import history
from gongmo.ledger.telling import timeline
from gongmo.parties.kept import keep_by_record
from gongmo.parties.pages import actor_of, said


@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """The agreements that the person may see."""
    actor = actor_of(request)
    found = queries.agreements_with_money(actor)
    return render(
        request,
        "awards/agreements.html",
        {
            "agreements": [(item, source_totals(item)) for item in found],
            "states": agreements_table.shown,
            "joinings": queries.joinings_of(actor),
        },
    )


@require_GET
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement: parties and signatures, period, yearly money, calls under it, history."""
    actor = actor_of(request)
    return keep_by_record(
        request,
        actor,
        queries.mark_of_agreement(pk),
        lambda: _agreement(request, actor, queries.agreement_for(actor, pk)),
    )


def _agreement(
    request: HttpRequest, actor: Actor, found: Agreement, refused: Refused | None = None
) -> HttpResponse:
    definition = definition_of(found.call)
    acts = frozenset(
        {
            "awards.draw_up_agreement",
            "awards.sign_agreement",
            "awards.ask_party_change",
            "awards.answer_joining",
            "awards.approve_amendment",
            "awards.open_termination",
            "awards.keep_agreement",
            "awards.terminate_agreement",
            "awards.finish_agreement",
            "awards.agree_negotiation",
        }
    )
    children = list(queries.child_calls(found))
    version = queries.current_version(found)
    return render(
        request,
        "awards/agreement.html",
        {
            "agreement": found,
            "definition": definition,
            "state": agreements_table.shown[AgreementState(found.state)],
            "money": agreement_money(found, definition),
            "totals": source_totals(found),
            "roles": {role.id: role.name for role in definition.consortium.roles},
            "children": children,
            "handed_on": sum(child.pot or 0 for child in children),
            "history": timeline(history("application", found.application_id, acts=acts)),
            "version": version,
            "former": queries.former_parties(actor, found),
            "can_sign": version is not None and queries.awaits_own_signature(actor, found, version),
            "manages": policies.manage(actor, found.call),
            "opens_calls": found.state == AgreementState.IN_FORCE
            and actor.organisation is not None
            and policies.open_regional_call(actor, found, actor.organisation),
            "reads_application": see_application(actor, found.application),
            "case_open": queries.case_under_way(found),
            "unsettled": unsettled(found)
            if found.state == AgreementState.IN_FORCE and policies.manage(actor, found.call)
            else [],
            "refused": refused,
        },
        status=200 if refused is None else refused.status,
    )


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish an agreement whose period is over; its number is typed."""
    actor = actor_of(request)
    found = queries.agreement_for(actor, pk)
    policies.manage.require(actor, found.call)
    try:
        if request.POST.get("confirm", "").strip() != found.number:
            raise BadInput(
                "confirmation",
                f"종료는 되돌릴 수 없습니다. 확인 칸에 ‘{found.number}’을(를) 그대로 적어 주세요.",
                f"Finishing cannot be undone: type “{found.number}” in the confirmation box.",
                field="confirm",
            )
        commands.finish_agreement(actor=actor, agreement_id=pk)
    except Refused as refused:
        return _agreement(request, actor, queries.agreement_for(actor, pk), refused)
    messages.success(request, said("협약을 종료했습니다.", "The agreement is finished."))
    return redirect("awards:agreement", pk=pk)
