"""Versions of an agreement: made, signed by every party over exactly what each saw, and brought into force."""

import unicodedata
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from gongmo.applications.commands.documents import keep_content
from gongmo.applications.commands.signatures import Hand
from gongmo.applications.strokes import drawing_text, read_drawing
from gongmo.awards import policies
from gongmo.awards.commands.case_base import locked_agreement
from gongmo.awards.content import Content, content_text, read_content, sums
from gongmo.awards.models import (
    Agreement,
    AgreementMoney,
    AgreementParty,
    AgreementSignature,
    AgreementVersion,
    VersionCause,
)
from gongmo.awards.paper import agreement_paper
from gongmo.awards.states import AgreementState, VersionState, agreements_table, versions_table
from gongmo.calls.models import CallVersion
from gongmo.calls.queries import definition_of
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.papers import content_sha256
from gongmo.papers import content_text as paper_text
from gongmo.similarity.tasks import add_supported

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Revision:
    """What an officer changes in an agreement that nobody has to keep to yet; None leaves it."""

    scope: str | None = None
    goals_text: str | None = None
    director: str | None = None
    conditions: tuple[str, ...] | None = None


def definition_for(content: Content) -> Definition:
    """The definition under which an agreement was made."""
    return definition_of(CallVersion.objects.select_related("call").get(pk=content.call_version))


def add_version(
    actor: Actor, agreement: Agreement, content: Content, cause: VersionCause, reason: str = ""
) -> AgreementVersion:
    """A new version of a locked agreement, to be signed. The caller appends to the record."""
    last = AgreementVersion.objects.filter(agreement=agreement).order_by("-number").first()
    number = (last.number if last else 0) + 1
    paper = agreement_paper(content, definition_for(content), version=number)
    sha256 = content_sha256(paper)
    # What people sign is kept as it reads now: a later program may word a table differently.
    keep_content(sha256, paper_text(paper))
    return AgreementVersion.objects.create(
        agreement=agreement,
        number=number,
        cause=cause,
        content=content_text(content),
        paper_sha256=sha256,
        reason=reason,
        made_at=clock.now(),
        made_by_id=actor.person,
    )


def told(version: AgreementVersion) -> dict[str, object]:
    """What the record says of a version."""
    return {
        "version": version.number,
        "paper_sha256": version.paper_sha256,
        "content_sha256": sha256_hex(version.content),
    }


def bring_into_force(agreement: Agreement, version: AgreementVersion) -> dict[str, object]:
    """The version counts from now; the one before is superseded, and the agreement's rows follow it. For the record: the new rows."""
    AgreementVersion.objects.filter(agreement=agreement, state=VersionState.IN_FORCE).update(
        state=VersionState.SUPERSEDED
    )
    version.state = versions_table.require(VersionState(version.state), VersionState.IN_FORCE)
    version.in_force_at = clock.now()
    version.save(update_fields=["state", "in_force_at"])
    content = read_content(version.content)
    if agreement.state == AgreementState.DRAFT:
        agreement.state = agreements_table.require(AgreementState(agreement.state), AgreementState.IN_FORCE)
        agreement.in_force_at = clock.now()
    agreement.period_starts, agreement.period_ends = content.period_starts, content.period_ends
    agreement.save(update_fields=["state", "in_force_at", "period_starts", "period_ends"])
    # Later calls are compared with what is supported here.
    add_supported.enqueue(
        key=f"similarity.own:{agreement.application_id}",
        again=True,
        application_id=agreement.application_id,
        ended_on=agreement.period_ends.isoformat(),
    )
    parties = _follow_parties(agreement, content)
    money = sums(content)
    standing = {(row.year, row.source, row.form): row for row in agreement.money.all()}
    if {key: row.amount for key, row in standing.items()} != money:
        for key, row in standing.items():
            if key not in money:
                row.delete()
            elif row.amount != money[key]:
                row.amount = money[key]
                row.save(update_fields=["amount"])
        AgreementMoney.objects.bulk_create(
            AgreementMoney(agreement=agreement, year=year, source=source, form=form, amount=amount)
            for (year, source, form), amount in money.items()
            if (year, source, form) not in standing
        )
    return {
        "in_force": version.number,
        "period": [content.period_starts, content.period_ends],
        **parties,
        "money": [
            {"year": year, "source": source, "form": form, "amount": amount}
            for (year, source, form), amount in money.items()
        ],
    }


def _follow_parties(agreement: Agreement, content: Content) -> dict[str, object]:
    """The rows of the parties follow the content: who is not named in it has left, who was pending is bound. For the record, where any changed."""
    named = {party.organisation for party in content.parties}
    left: list[int] = []
    changed = False
    for party in AgreementParty.objects.filter(agreement=agreement):
        if party.organisation_id not in named:
            party.left_at, party.pending = clock.now(), False
            party.save(update_fields=["left_at", "pending"])
            left.append(party.organisation_id)
        elif party.pending:
            party.pending, changed = False, True
            party.save(update_fields=["pending"])
    if not left and not changed:
        return {}
    return {
        "parties": [{"organisation": party.organisation, "role": party.role} for party in content.parties],
        "left": left,
    }


def awaited(version: AgreementVersion) -> QuerySet[AgreementParty]:
    """The parties of a version that have not signed it. Who leaves by it does not sign it (decision 0204)."""
    named = [party.organisation for party in read_content(version.content).parties]
    found = AgreementParty.objects.filter(agreement=version.agreement_id, organisation__in=named)
    return found.exclude(signatures__version=version)


def sign_agreement(
    *, actor: Actor, agreement_id: int, paper_sha256: str, hand: Hand, agreed: bool = True
) -> Agreement:
    """Sign the version that is being signed, for the actor's organisation, over exactly the text that the signer saw.

    When the last party has signed, the version is in force, and the files that carry the signatures are made by the queue. Signing twice
    changes nothing. Raises NotFound, NotAllowed, BadInput (name, drawing, no tick), Refused where the text has changed since.
    """
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        if not policies.see_agreement(actor, agreement):
            raise NotFound
        policies.sign_agreement.require(actor, agreement)
        hand = _checked(hand, agreed)
        party = AgreementParty.objects.filter(
            agreement=agreement, organisation_id=actor.organisation or 0
        ).first()
        if party is None:
            raise NotFound
        version = AgreementVersion.objects.filter(agreement=agreement, state=VersionState.SIGNING).first()
        if version is None:
            newest = AgreementVersion.objects.filter(agreement=agreement, state=VersionState.IN_FORCE).first()
            if newest is not None and newest.signatures.filter(party=party).exists():
                return agreement
            raise Refused(
                "agreement_state",
                "서명을 받는 협약이 아닙니다. 협약 상태를 확인해 주세요.",
                "This agreement is not open for signing.",
            )
        if version.signatures.filter(party=party).exists():
            return agreement
        if not awaited(version).filter(pk=party.pk).exists():
            raise Refused(
                "leaves_by_it",
                "이 판으로 협약에서 나가는 기관은 서명하지 않습니다. 나머지 당사자가 서명하면 시행됩니다.",
                "Who leaves by this version does not sign it; it comes into force once the other parties have.",
            )
        if version.paper_sha256 != paper_sha256:
            raise Refused(
                "agreement_changed",
                f"읽으시는 동안 협약의 내용이 바뀌어(제{version.number}판) 서명하지 않았습니다. 바뀐 내용을 다시 읽고 서명해 주세요.",
                f"The agreement changed while you were reading (version {version.number}), so nothing was signed. Please read it again.",
            )
        now = clock.now()
        signature = AgreementSignature.objects.create(
            version=version,
            party=party,
            paper_sha256=paper_sha256,
            signer_id=actor.person,
            signer_name=hand.name,
            signer_title=hand.title,
            drawing=hand.drawing,
            signed_at=now,
        )
        if party.signed_at is None:
            party.signed_at, party.signed_by_id = now, actor.person
            party.save(update_fields=["signed_at", "signed_by"])
        payload: dict[str, object] = {
            "agreement": agreement.pk,
            "organisation": party.organisation_id,
            "signature": signature.pk,
            **told(version),
        }
        if not awaited(version).exists():
            payload |= bring_into_force(agreement, version)
            enqueue_seal(version)
        ledger.append(
            actor=actor,
            act="awards.sign_agreement",
            subject=("application", agreement.application_id),
            call=agreement.call.slug,
            payload={**payload, "state": agreement.state},
        )
        return agreement


def revise_agreement(*, actor: Actor, agreement_id: int, revision: Revision, reason: str) -> AgreementVersion:
    """Change the text of an agreement that is not in force yet. A new version is signed from the beginning; the one before is dropped."""
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        policies.manage.require(actor, agreement.call)
        version = AgreementVersion.objects.filter(agreement=agreement, state=VersionState.SIGNING).first()
        if agreement.state != AgreementState.DRAFT or version is None:
            raise Refused(
                "agreement_state",
                "이미 발효되었거나 끝난 협약입니다. 협약 변경으로 처리해 주세요.",
                "This agreement is in force or has ended; use an amendment.",
            )
        if not reason.strip():
            raise BadInput(
                "empty_text", "고치는 까닭을 적어 주세요.", "Say why it is changed.", field="reason"
            )
        changed = {
            name: value
            for name in ("scope", "goals_text", "director", "conditions")
            if (value := getattr(revision, name)) is not None
        }
        content = read_content(version.content).model_copy(update=changed)
        if content_text(content) == version.content:
            raise Refused(
                "nothing_changed",
                "바뀐 내용이 없습니다.",
                "Nothing was changed.",
                details={"version": version.number},
            )
        version.state = versions_table.require(VersionState(version.state), VersionState.DROPPED)
        version.save(update_fields=["state"])
        for party in agreement.parties.filter(signed_at__isnull=False):
            party.signed_at, party.signed_by = None, None
            party.save(update_fields=["signed_at", "signed_by"])
        made = add_version(actor, agreement, content, VersionCause.FIRST, reason.strip())
        ledger.append(
            actor=actor,
            act="awards.revise_agreement",
            subject=("application", agreement.application_id),
            call=agreement.call.slug,
            payload={"agreement": agreement.pk, "reason": made.reason, **told(made)},
        )
        enqueue_print(made)
        return made


def enqueue_print(version: AgreementVersion) -> None:
    """Have the version's files made once this transaction has committed."""
    from gongmo.awards import tasks  # Tasks call commands.

    tasks.print_version.enqueue(key=f"awards.print:{version.pk}", version=version.pk)


def enqueue_seal(version: AgreementVersion) -> None:
    """Have the signed version printed and sealed once this transaction has committed."""
    from gongmo.awards import tasks  # Tasks call commands.

    tasks.seal_version.enqueue(key=f"awards.seal:{version.pk}", version=version.pk)


def _checked(hand: Hand, agreed: bool) -> Hand:
    name, title = (
        "".join(
            letter
            for letter in " ".join(unicodedata.normalize("NFC", text).split())
            if unicodedata.category(letter)[0] != "C"
        )[: LONGEST + 1]
        for text in (hand.name, hand.title)
    )
    if not name:
        raise BadInput(
            "name_missing", "서명하는 사람의 이름을 적어 주세요.", "Type the signer's name.", field="name"
        )
    for text, field in ((name, "name"), (title, "title")):
        if len(text) > LONGEST:
            raise BadInput(
                f"{field}_too_long",
                f"{LONGEST}자 이내로 적어 주세요.",
                f"Keep it within {LONGEST} letters.",
                field=field,
            )
    if not agreed:
        raise BadInput(
            "agreement_missing",
            "협약을 읽었고 전자서명에 동의한다는 칸에 표시해 주세요.",
            "Tick that you have read the agreement and sign electronically.",
            field="agreed",
        )
    return Hand(name, title, drawing_text(read_drawing(hand.drawing)))
