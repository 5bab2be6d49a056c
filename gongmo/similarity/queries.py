"""What may be read of the corpus, of what searches found, and of what was judged."""

from dataclasses import dataclass

from django.db.models import Count, Q

from gongmo.applications.models import Application, Member
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.parties.models import Organisation
from gongmo.rules.similarity.words import clean
from gongmo.similarity import policies
from gongmo.similarity.corpus import current
from gongmo.similarity.marking import Beside, beside
from gongmo.similarity.models import (
    Conclusion,
    CorpusImport,
    EarlierProject,
    Judgement,
    Look,
    Match,
    Pair,
    PairLook,
)
from gongmo.similarity.searching import Found, body, search
from gongmo.similarity.standing import Thing, limits, newest_judgements, thing_of, to_be_judged
from gongmo.similarity.states import ImportState
from gongmo.similarity.texts import GAP, words_of_application

SHOWN_PAIRS = 100


def matches(application: Application) -> list[Match]:
    """What the last search found beside an application, the likest first. For floors that have asked who may see it."""
    rows = Match.objects.filter(look__application=application).select_related("project__corpus_import")
    return list(rows.order_by("-score", "project_id"))


@dataclass(frozen=True, slots=True)
class Row:
    """An application on a call's page: what was found, what is open, how it was concluded."""

    application: Application
    look: Look | None
    best: Match | None
    open: int
    judged: int
    conclusion: Conclusion | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A call's applications and pairs. `common` sentences were left out because many applications say them."""

    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    pair_look: PairLook | None
    attention: int
    attention_pairs: int
    among: int


def overview(actor: Actor, call: Call) -> Overview:
    """The duplication check of a call. Raises NotFound. Constant number of statements."""
    if not policies.oversee(actor, call):
        raise NotFound
    attention, pair_attention = limits(definition_of(call).similar)
    applications = list(
        Application.objects.filter(call=call, state=ApplicationState.SUBMITTED)
        .select_related("lead", "region")
        .order_by("pk")
    )
    looks = {
        each.application_id: each
        for each in Look.objects.filter(application__call=call).defer("text", "parts")
    }
    found: dict[int, list[Match]] = {}
    for match in (
        Match.objects.filter(look__application__call=call)
        .select_related("project", "look")
        .defer("passages", "look__text", "project__content", "project__goals", "project__effects")
        .order_by("-score")
    ):
        found.setdefault(match.look.application_id, []).append(match)
    pairs = list(
        Pair.objects.filter(look__call=call)
        .select_related("left__lead", "right__lead")
        .defer("passages")[:SHOWN_PAIRS]
    )
    judged: dict[int, set[Thing]] = {}
    for each in Judgement.objects.filter(application__call=call):
        judged.setdefault(each.application_id, set()).add(thing_of(each))
    concluded = {
        each.application_id: each for each in Conclusion.objects.filter(application__call=call).order_by("pk")
    }
    rows = []
    for application in applications:
        own = found.get(application.pk, [])
        things: list[Thing] = [("project", each.project_id) for each in own if each.score >= attention]
        things += [
            ("other", pair.right_id if pair.left_id == application.pk else pair.left_id)
            for pair in pairs
            if pair.score >= pair_attention and application.pk in (pair.left_id, pair.right_id)
        ]
        done = judged.get(application.pk, set())
        rows.append(
            Row(
                application,
                looks.get(application.pk),
                own[0] if own else None,
                sum(thing not in done for thing in things),
                len(done),
                concluded.get(application.pk),
            )
        )
    return Overview(
        tuple(rows),
        tuple(pairs),
        PairLook.objects.filter(call=call).first(),
        attention // 10,
        pair_attention // 10,
        current().total,
    )


@dataclass(frozen=True, slots=True)
class One:
    """The duplication check of one application. `stale` says that its words or the corpus changed after the search."""

    application: Application
    look: Look | None
    matches: tuple[Match, ...]
    pairs: tuple[Pair, ...]
    judgements: dict[Thing, Judgement]
    history: tuple[Judgement, ...]
    conclusion: Conclusion | None
    open: tuple[Thing, ...]
    stale: bool
    members: tuple[Organisation, ...]
    attention: int
    attention_pairs: int


def application_for(actor: Actor, slug: str, pk: int) -> Application:
    """A submitted application of that call, for those who oversee its check. Raises NotFound."""
    found = (
        Application.objects.select_related("call__version", "call__operator", "lead", "region")
        .filter(pk=pk, call__slug=slug, state=ApplicationState.SUBMITTED)
        .first()
    )
    if found is None or not policies.oversee(actor, found.call):
        raise NotFound
    return found


def slug_of(actor: Actor, pk: int) -> str:
    """The slug of a submitted application's call, for those who oversee its check. Raises NotFound."""
    found = Application.objects.select_related("call").filter(pk=pk, state=ApplicationState.SUBMITTED).first()
    if found is None or not policies.oversee(actor, found.call):
        raise NotFound
    return found.call.slug


def one(actor: Actor, slug: str, pk: int) -> One:
    """Everything of one application's check. Raises NotFound."""
    application = application_for(actor, slug, pk)
    settings = definition_of(application.call).similar
    attention, pair_attention = limits(settings)
    look = Look.objects.filter(application=application).first()
    words = words_of_application(application)
    pairs = Pair.objects.filter(look__call=application.call).filter(Q(left=pk) | Q(right=pk))
    history = list(
        Judgement.objects.filter(application=application)
        .select_related("organisation", "judged_by", "other")
        .order_by("-pk")
    )
    members = Member.objects.filter(application=application, state=MemberState.ACCEPTED).select_related(
        "organisation"
    )
    return One(
        application,
        look,
        tuple(matches(application)),
        tuple(pairs.select_related("left__lead", "right__lead").order_by("-score")),
        {thing_of(each): each for each in newest_judgements(pk)},
        tuple(history),
        Conclusion.objects.filter(application=application)
        .select_related("concluded_by")
        .order_by("-pk")
        .first(),
        tuple(to_be_judged(application, settings)),
        look is not None
        and (look.corpus != current().mark or (words is not None and words.sources != look.sources)),
        tuple(
            member.organisation
            for member in sorted(members, key=lambda m: m.organisation_id != application.lead_id)
        ),
        attention // 10,
        pair_attention // 10,
    )


def match_beside(look: Look, match: Match) -> Beside:
    """An application and an earlier project that was found beside it, with the passages that both have."""
    project = match.project
    words = body(project)
    parts: list[tuple[str, int, int]] = []
    at = 0
    for heading, text in (("목표", project.goals), ("내용", project.content), ("기대효과", project.effects)):
        length = len(clean(text))
        if length:
            parts.append((heading, at, at + length))
            at += length + len(GAP)
    return beside(
        look.text,
        [(part[0], part[1], part[2]) for part in look.parts],
        words,
        parts or [("제목", 0, len(words))],
        match.passages,
    )


def pair_for(actor: Actor, call: Call, left: int, right: int) -> tuple[Pair, Beside | None]:
    """Two applications that tell the same, beside each other; None where one was handed in anew since. Raises NotFound."""
    if not policies.oversee(actor, call):
        raise NotFound
    pair = (
        Pair.objects.filter(look__call=call, left=left, right=right)
        .select_related("look", "left__lead", "right__lead", "left__call__version", "right__call__version")
        .first()
    )
    if pair is None:
        raise NotFound
    one_, two = words_of_application(pair.left), words_of_application(pair.right)
    if one_ is None or two is None:
        return pair, None
    end = max((each[1] for each in pair.passages), default=0)
    other = max((each[3] for each in pair.passages), default=0)
    if end > len(one_.text) or other > len(two.text):
        return pair, None
    return pair, beside(one_.text, one_.parts, two.text, two.parts, pair.passages)


# --- The corpus -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CorpusPage:
    """The corpus in figures, for this reader: public lists, and the own calls' that the reader may see."""

    imports: tuple[CorpusImport, ...]
    projects: int
    own: int
    supported: int
    searchable: int
    years: tuple[tuple[int, int], ...]
    keeps: bool


def corpus(actor: Actor) -> CorpusPage:
    """Lists and figures of the corpus. Raises NotFound. Six statements."""
    if not policies.see_corpus(actor):
        raise NotFound
    seen = EarlierProject.objects.filter(policies.visible_projects(actor))
    figures = seen.aggregate(
        all=Count("pk"),
        own=Count("pk", filter=Q(own_application__isnull=False)),
        supported=Count("pk", filter=Q(supported=True)),
        searchable=Count("pk", filter=Q(segment__isnull=False)),
    )
    years = seen.exclude(year=None).values_list("year").annotate(n=Count("pk")).order_by("-year")[:12]
    return CorpusPage(
        tuple(CorpusImport.objects.exclude(state=ImportState.DROPPED).select_related("uploaded_by")),
        figures["all"],
        figures["own"],
        figures["supported"],
        figures["searchable"],
        tuple((year, number) for year, number in years),
        policies.keep_corpus(actor),
    )


def import_for(actor: Actor, pk: int) -> CorpusImport:
    """A list on its way. Raises NotFound."""
    found = CorpusImport.objects.select_related("uploaded_by").filter(pk=pk).first()
    if found is None or not policies.see_corpus(actor):
        raise NotFound
    return found


def project_for(actor: Actor, pk: int) -> EarlierProject:
    """An earlier project. Raises NotFound, also where it belongs to another organisation's call."""
    found = (
        EarlierProject.objects.filter(policies.visible_projects(actor), pk=pk)
        .select_related("corpus_import", "owner")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def find_projects(actor: Actor, words: str) -> list[Found]:
    """Earlier projects that tell what the words tell: a line, or a whole text. Raises NotFound, BadInput."""
    if not policies.see_corpus(actor):
        raise NotFound
    text = clean(words).strip()
    if len(text) > 20_000:
        raise BadInput(
            "words_too_long",
            f"20,000자 이내로 줄여 주세요. 지금은 {len(text):,}자입니다.",
            "Shorten this to 20,000 letters.",
            field="q",
        )
    numbered = (
        EarlierProject.objects.filter(policies.visible_projects(actor), number=text)
        if len(text) <= 60
        else None
    )
    found = search(text, title=text[:200], where=policies.visible_projects(actor)) if text else []
    if numbered is not None:
        known = {each.project.pk for each in found}
        found = [_by_number(each) for each in numbered[:20] if each.pk not in known] + found
    return found


def _by_number(project: EarlierProject) -> Found:
    from gongmo.rules.similarity.score import Told

    return Found(project, Told(1.0, 0.0, 0.0, None, None, None, ()), ())


def rows_in(found: CorpusImport) -> int:
    """Projects of a list that are in the corpus now."""
    return EarlierProject.objects.filter(corpus_import=found).count()


def judgement_file(actor: Actor, pk: int) -> Judgement:
    """A judgement with its proof. Raises NotFound."""
    found = Judgement.objects.select_related("application__call", "evidence").filter(pk=pk).first()
    if found is None or found.evidence is None or not policies.oversee(actor, found.application.call):
        raise NotFound
    return found
