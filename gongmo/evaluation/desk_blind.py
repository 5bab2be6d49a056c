"""A blind stage: under which name an application stands, and what is left out of what evaluators read (gongmo.definition.desk.Blind).

What stands inside a file (a letterhead, a name in a PDF) cannot be hidden here. `leaks` finds where names still stand in files' words,
so that the operator asks for other copies or hides the whole document before the stage opens.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.crypto import salted_hmac

from gongmo.applications.models import Application, Member
from gongmo.applications.states import MemberState
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.definition.desk import Blind
from gongmo.definition.form import QuestionKind
from gongmo.definition.model import Definition
from gongmo.evaluation.models import ScoreSheet, StageRun
from gongmo.files.queries import text_of
from gongmo.rules.form import question_at

MASK = "○○○"
SHORTEST = 2
"""Names of one letter are not looked for: they would hide half the words."""


@dataclass(frozen=True, slots=True)
class Veil:
    """What hides one application: the name it stands under, the names to mask, and the blind stage's settings."""

    title: Text
    names: tuple[str, ...]
    blind: Blind

    def masked(self, words: str) -> str:
        """The words with every hidden name replaced."""
        return _pattern(self.names).sub(MASK, words) if self.names else words

    def count(self, words: str) -> int:
        """How many hidden names stand in the words."""
        return len(_pattern(self.names).findall(words)) if self.names else 0

    def hides_answer(self, definition: Definition, place: str) -> bool:
        """Whether the answer at that place is left out: named by the stage, or the name of a person."""
        found = question_at(definition, place)
        if found is None:
            return True
        return found[0].id in self.blind.questions or found[0].kind is QuestionKind.PERSON


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Names with spaces anywhere between their letters, the longest first."""
    parts = (r"\s?".join(re.escape(letter) for letter in name if not letter.isspace()) for name in names)
    return re.compile("|".join(parts), re.IGNORECASE)


def blind_of(run: StageRun) -> Blind | None:
    """The blind settings of a run's stage, under the version that scoring follows."""
    return definition_of(run.version).evaluation.stage(run.stage).blind


def numbers_of(run: StageRun) -> dict[int, int]:
    """The number under which each application of a blind run stands. It tells nothing of the order in which they came, and never changes."""
    found = set(ScoreSheet.objects.filter(run=run).order_by().values_list("application_id", flat=True))

    def place(application: int) -> str:
        return salted_hmac(
            "gongmo.evaluation.blind", f"{run.pk}:{application}", algorithm="sha256"
        ).hexdigest()

    return {application: number for number, application in enumerate(sorted(found, key=place), 1)}


def hidden_title(number: int) -> Text:
    """The name of an application in a blind stage."""
    return Text(ko=f"신청 {number}", en=f"Application {number}")


def veil_of(run: StageRun, application: Application) -> Veil | None:
    """What hides an application in this run; None where the stage is not blind. Reads `members` (prefetched or not)."""
    blind = blind_of(run)
    if blind is None:
        return None
    return Veil(hidden_title(numbers_of(run).get(application.pk, 0)), names_of(application), blind)


def names_of(application: Application) -> tuple[str, ...]:
    """The names that would tell whose application it is, the longest first: title, organisations, region."""
    members = [member for member in application.members.all() if member.state == MemberState.ACCEPTED]
    names = {application.title.strip(), *(_plain(member) for member in members)}
    if application.region is not None:
        names.add(application.region.ko)
    return tuple(sorted((name for name in names if len(name) >= SHORTEST), key=len, reverse=True))


def _plain(member: Member) -> str:
    """An organisation's name without its legal form, which is left off in running text."""
    return re.sub(r"\(주\)|㈜|주식회사|\(재\)|재단법인|\(사\)|사단법인", "", member.organisation.name).strip()


def veiled_preview(shown: dict[str, Any], veil: Veil, name: str) -> dict[str, Any]:
    """A document's preview with its file name, and where only its words are shown the names in them, hidden."""
    pages = [{**page, "text": veil.masked(page["text"])} for page in shown["pages"]]
    facts = replace(shown["inspected"], facts={}, problems=(), warnings=())
    return {**shown, "name": name, "pages": pages, "inspected": facts}


@dataclass(frozen=True, slots=True)
class Leak:
    """A document in whose words hidden names still stand: how often, and at which places first."""

    document: int
    kind: str
    count: int
    places: tuple[dict[str, Any], ...]


def leaks(veil: Veil, application: Application) -> list[Leak]:
    """The documents of an application, those shown in the blind stage, whose words hold hidden names. Reads each one's words."""
    found = []
    for document in application.documents.all():
        if document.kind in veil.blind.documents:
            continue
        count = 0
        places: list[dict[str, Any]] = []
        for page in text_of(document.file_id):
            here = veil.count(page["text"])
            count += here
            if here and len(places) < 5:
                places.append(page["place"])
        if count:
            found.append(Leak(document.pk, document.kind, count, tuple(places)))
    return found
