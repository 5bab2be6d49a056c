"""Which policy opens which address: the matrix is made from these and from every thing that the world holds.

A door is asked with everybody and every thing of its kind: own and other organisations', at each stage of a call. What is expected is
not typed here: the policy itself is asked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from gongmo.applications import policies as applications
from gongmo.applications.models import Application, ApplicationDocument, Member
from gongmo.awards import policies as awards
from gongmo.awards.models import Agreement, Negotiation
from gongmo.calls import policies as calls
from gongmo.calls.models import Call, Question
from gongmo.evaluation import day_policies, pool_policies
from gongmo.evaluation import policies as evaluation
from gongmo.evaluation.models import Evaluator, PresentationDay, ScoreSheet, Seat, SiteVisit, StageRun
from gongmo.evaluation.views import committee, pool, stages
from gongmo.kernel.actor import Actor
from gongmo.parties import policies as parties
from gongmo.parties.models import Organisation, Person
from gongmo.registers import policies as registers
from gongmo.screening import policies as screening
from gongmo.screening.models import FactRecord, ProofDemand, Review, Supplement
from gongmo.screening.views import acts as screening_acts
from gongmo.similarity import policies as similarity

Ask = Callable[[Actor, Any], bool]


def nobody(actor: Actor, thing: Any) -> bool:
    return False


@dataclass(frozen=True)
class Kind:
    """Things that addresses name. `call`: at whose stage one stands; `names`: what of it goes into an address."""

    things: Callable[[], Any]
    call: Callable[[Any], object]
    names: Callable[[Any], dict[str, Any]] = lambda thing: {"pk": thing.pk}


KINDS = {
    "call": Kind(lambda: Call.objects.all(), lambda it: it.pk, lambda it: {"slug": it.slug}),
    "question": Kind(
        lambda: Question.objects.select_related("call"),
        lambda it: it.call_id,
        lambda it: {"pk": it.pk, "slug": it.call.slug},
    ),
    "application": Kind(lambda: Application.objects.select_related("call"), lambda it: it.call_id),
    "member": Kind(
        lambda: Member.objects.select_related("application__call"),
        lambda it: (it.application.call_id, it.state),
    ),
    "document": Kind(
        lambda: ApplicationDocument.objects.select_related("application__call"),
        lambda it: it.application.call_id,
    ),
    "review": Kind(
        lambda: Review.objects.select_related("application__call"),
        lambda it: it.application.call_id,
        lambda it: {"pk": it.application_id, "slug": it.application.call.slug},
    ),
    "fact": Kind(
        lambda: FactRecord.objects.select_related("application__call"), lambda it: it.application.call_id
    ),
    "supplement": Kind(
        lambda: Supplement.objects.select_related("application__call"),
        lambda it: it.application.call_id,
    ),
    "demand": Kind(
        lambda: ProofDemand.objects.select_related("application__call"), lambda it: it.application.call_id
    ),
    "seat": Kind(
        lambda: Seat.objects.select_related("evaluator", "committee"), lambda it: it.committee.call_id
    ),
    "sheet": Kind(
        lambda: ScoreSheet.objects.select_related("seat__evaluator", "run"), lambda it: it.run.call_id
    ),
    "run": Kind(
        lambda: StageRun.objects.select_related("call"),
        lambda it: it.call_id,
        lambda it: {"run": it.pk, "slug": it.call.slug},
    ),
    "day": Kind(lambda: PresentationDay.objects.select_related("run__call"), lambda it: it.run.call_id),
    "visit": Kind(
        lambda: SiteVisit.objects.select_related("committee__call"), lambda it: it.committee.call_id
    ),
    "expert": Kind(lambda: Evaluator.objects.all(), lambda it: it.pk % 3),
    "negotiation": Kind(
        lambda: Negotiation.objects.select_related("application__call"), lambda it: it.pk % 2
    ),
    "agreement": Kind(
        lambda: Agreement.objects.select_related("application__call").prefetch_related("parties"),
        lambda it: it.pk,
    ),
    "organisation": Kind(lambda: Organisation.objects.all(), lambda it: it.kind),
    "person": Kind(lambda: Person.objects.all(), lambda it: it.pk % 4),
}
MORE = {
    "number": 1,
    "revision": 1,
    "change": 987654,
    "stage": "desk",
    "form": "pdf",
    "code": "KR-48",
    "sequence": 1,
    "rule": "no_arrears",
}
"""What addresses hold besides the thing that the policy is about."""


@dataclass(frozen=True)
class Door:
    """An address with a thing in it. `opens`: to whom; `known`: who else learns that the thing is there, and is told that they may not."""

    method: str
    view: str
    of: str
    opens: Ask
    known: Ask = nobody
    more: dict[str, Any] = field(default_factory=dict)

    def path(self, thing: Any) -> str:
        wanted = ROUTES[self.view]
        told = {**MORE, **KINDS[self.of].names(thing), **self.more}
        return reverse(self.view, kwargs={name: told[name] for name in wanted})


ROUTES: dict[str, tuple[str, ...]] = {}
"""The names in each view's address; filled by the test from the project's own addresses."""


def doors() -> Iterator[Door]:
    yield from _applications()
    yield from _calls()
    yield from _screening()
    yield from _evaluation()
    yield from _awards()
    yield from _parties()


def _each(
    method: str, app: str, views: str, of: str, opens: Ask, known: Ask = nobody, **more: Any
) -> Iterator[Door]:
    for view in views.split():
        yield Door(method, f"{app}:{view}", of, opens, known, more)


def _applications() -> Iterator[Door]:
    see, read, edit = applications.may_see, applications.may_see_content, applications.may_edit
    app = "applications"
    yield from _each("GET", app, "application", "application", see)
    yield from _each(
        "GET",
        app,
        "content findings changes overview members members_xlsx members_csv money money_verdict money_xlsx money_csv "
        "statements statements_verdict documents submit receipt receipt_json receipt_pdf versions cover sign",
        "application",
        read,
        see,
    )
    yield from _each("GET", app, "paper paper_file", "application", read, see, kind="application_form")
    yield from _each("GET", app, "invite members_import members_template", "application", edit, see)

    def fills(actor: Actor, it: Any) -> bool:
        return any(
            applications.may_fill(actor, member) for member in it.members.select_related("application")
        )

    yield from _each("GET", app, "money_fit money_import", "application", fills, see)
    yield from _each(
        "POST",
        app,
        "invite members_import members_accept money money_accept money_import statements consents remind",
        "application",
        lambda actor, it: edit(actor, it) or applications.may_remind(actor, it) or read(actor, it),
        see,
    )
    yield from _each(
        "POST", app, "save overview attach submit withdraw restore sign renew_paper", "application", see
    )
    yield from _each(
        "POST", app, "answer remove role assets", "member", lambda actor, it: see(actor, it.application)
    )
    yield from _each(
        "GET",
        app,
        "document",
        "document",
        lambda actor, it: read(actor, it.application),
        lambda actor, it: see(actor, it.application),
    )
    yield from _each(
        "POST",
        app,
        "detach",
        "document",
        lambda actor, it: edit(actor, it.application),
        lambda actor, it: see(actor, it.application),
    )
    yield from _each("GET", app, "arrivals arrivals_csv arrivals_xlsx", "call", calls.operates)
    yield from _each("POST", app, "arrivals undo_arrival", "call", calls.operates)


def _calls() -> Iterator[Door]:
    yield from _each("GET", "calls", "manage", "call", calls.operates)
    yield from _each("POST", "calls", "extend correct close cancel finish", "call", calls.operates)
    yield from _each("GET", "calls", "question", "question", calls.may_see_question)
    yield from _each("POST", "calls", "answer", "question", calls.may_see_question)


def _screening() -> Iterator[Door]:
    oversee, review = screening.oversee, screening.review
    app = "screening"

    def overseen(actor: Actor, it: Any) -> bool:
        return oversee(actor, it.application.call)

    def reviewing(actor: Actor, it: Any) -> bool:
        return review(actor, it.application.call)

    yield from _each("GET", app, "queue export requests handover registers", "call", oversee)
    yield from _each(
        "POST",
        app,
        "open_reviews decide many expire save_view remind handover registers",
        "call",
        review,
        oversee,
    )
    yield from _each("GET", app, "review registers_of", "review", overseen)
    for act in screening_acts.ACTS:
        yield from _each("POST", app, "act", "review", reviewing, overseen, act=act)
    yield from _each("GET", app, "own", "application", screening.see_own)
    yield from _each("GET", app, "evidence", "fact", overseen)
    yield from _each(
        "GET",
        app,
        "supplement_file",
        "supplement",
        lambda actor, it: overseen(actor, it) or screening.see_own(actor, it.application),
    )
    yield from _each(
        "POST", app, "answer", "supplement", lambda actor, it: screening.see_own(actor, it.application)
    )
    yield from _each(
        "GET",
        app,
        "proof_file",
        "demand",
        lambda actor, it: overseen(actor, it) or screening.hand_in(actor, it.application, it.organisation_id),
        lambda actor, it: screening.see_own(actor, it.application),
    )
    yield from _each("GET", "similarity", "overview", "call", similarity.oversee)
    yield from _each("POST", "similarity", "look_all", "call", similarity.judge, similarity.oversee)
    yield from _each(
        "GET", "similarity", "one", "review", lambda actor, it: similarity.oversee(actor, it.application.call)
    )
    yield from _each(
        "POST",
        "similarity",
        "look judge conclude",
        "review",
        lambda actor, it: similarity.judge(actor, it.application.call),
        lambda actor, it: similarity.oversee(actor, it.application.call),
    )


def _evaluation() -> Iterator[Door]:
    oversee, manage = evaluation.oversee, evaluation.manage
    app = "evaluation"

    def seated(actor: Actor, it: Any) -> bool:
        return evaluation.own_seat(actor, it if isinstance(it, Seat) else it.seat)

    def on_its_committee(actor: Actor, it: Any) -> bool:
        seats = Seat.objects.filter(committee=it.committee_id).select_related("evaluator")
        return any(evaluation.own_seat(actor, seat) for seat in seats)

    yield from _each("GET", app, "stages spread bonus objections ranking", "call", oversee)
    yield from _each("GET", app, "ranking_document", "call", oversee)
    yield from _each("GET", app, "live", "run", lambda actor, it: oversee(actor, it.call))
    yield from _each("GET", app, "committee new_committee presentations", "call", manage, oversee)
    yield from _each("POST", app, "new_committee plan_presentations", "call", manage, oversee)
    for act in stages.ACTS:
        yield from _each("POST", app, "act", "call", manage, oversee, act=act)
    for act in committee.ACTS:
        yield from _each("POST", app, "act_on_committee", "call", manage, oversee, act=act)
    for act in ("propose", "confirm", "refuse"):
        yield from _each("POST", app, "act_on_bonus", "call", manage, oversee, act=act)
    for act in ("answer", "again"):
        yield from _each("POST", app, "act_on_objection", "call", manage, oversee, act=act)
    yield from _each("GET", app, "seat chair_challenges", "seat", seated)
    yield from _each("POST", app, "answer_seat declare", "seat", seated)
    yield from _each("GET", app, "sheet sheet_changes lock_sheet", "sheet", seated)
    yield from _each("POST", app, "sheet save_sheet lock_sheet add_note want_visit", "sheet", seated)
    yield from _each("GET", app, "own_scores", "run", on_its_committee)
    yield from _each("GET", app, "day", "day", day_policies.watch_day)
    for act in ("replan", "announce", "drop"):
        yield from _each(
            "POST",
            app,
            "change_day",
            "day",
            lambda actor, it: manage(actor, it.run.call),
            lambda actor, it: oversee(actor, it.run.call),
            act=act,
        )
    yield from _each(
        "GET",
        app,
        "visit visit_file",
        "visit",
        lambda actor, it: manage(actor, it.committee.call) or on_its_committee(actor, it),
    )
    yield from _each("GET", app, "expert", "expert", pool_policies.see_profile)
    for act in pool.ACTS:
        yield from _each("POST", app, "act_on_expert", "expert", pool_policies.see_profile, act=act)
    yield from _each("GET", app, "result", "application", evaluation.see_result)
    yield from _each("POST", app, "result", "application", evaluation.see_result)
    yield from _each("GET", app, "turn_calendar", "application", day_policies.see_turn, applications.may_see)
    yield from _each("POST", app, "presenter", "application", evaluation.ask_substitute, applications.may_see)


def _awards() -> Iterator[Door]:
    oversee, manage, app = awards.oversee, awards.manage, "awards"

    def party(actor: Actor, it: Any) -> bool:
        return awards.see_agreement(actor, it)

    def managing(actor: Actor, it: Any) -> bool:
        return manage(actor, it.call)

    yield from _each("GET", app, "board negotiations", "call", oversee)
    yield from _each("GET", "oversight", "call region", "call", oversee)
    for form in ("pdf", "xlsx", "csv"):
        yield from _each("GET", "oversight", "export", "call", oversee, form=form)
    # That a call is published is no secret: whoever may not is told so.
    yield from _each("POST", app, "open_negotiations allocate", "call", manage, lambda actor, it: True)
    yield from _each("GET", app, "table", "negotiation", awards.see_negotiation)
    yield from _each("POST", app, "offer accept", "negotiation", awards.see_negotiation)
    for act in ("note", "agree", "fail", "agreement"):
        yield from _each(
            "POST",
            app,
            "act_on_negotiation",
            "negotiation",
            lambda actor, it: oversee(actor, it.call),
            awards.see_negotiation,
            act=act,
        )
    yield from _each("GET", app, "agreement text text_version case changes", "agreement", party)
    yield from _each("GET", app, "print", "agreement", party, kind="pdf")
    yield from _each("GET", app, "letters", "agreement", managing, party)
    yield from _each("POST", app, "sign upload_own", "agreement", party)
    yield from _each("POST", app, "revise open_case yearly re_agree finish", "agreement", managing, party)
    yield from _each("POST", app, "ask_amendment ask_party_change", "agreement", awards.ask_amendment, party)


def _parties() -> Iterator[Door]:
    app = "parties"

    def by(ask: Callable[[Actor, int], bool]) -> Ask:
        return lambda actor, it: ask(actor, it.pk)

    see, inside = by(parties.may_see_organisation), by(parties.may_see_members)
    yield from _each("GET", app, "organisation", "organisation", see)
    yield from _each("GET", app, "people history certificates hand_over", "organisation", inside)
    yield from _each("POST", app, "hand_over", "organisation", inside)
    yield from _each("GET", app, "edit_organisation", "organisation", by(parties.may_edit_profile), see)
    yield from _each("POST", app, "edit_organisation", "organisation", by(parties.may_edit_profile), see)
    yield from _each("POST", app, "certificates", "organisation", by(parties.may_edit_profile), inside)
    yield from _each("GET", "registers", "organisation", "organisation", by(registers.see_own))
    yield from _each(
        "POST", "registers", "organisation", "organisation", by(registers.verify_own), by(registers.see_own)
    )
    yield from _each("GET", app, "operator_person", "person", lambda actor, it: parties.may_operate(actor))
    yield from _each(
        "POST",
        app,
        "operator_person operator_reset_second_factor operator_sign_out operator_close",
        "person",
        lambda actor, it: parties.may_operate(actor),
    )
