"""What a call settles about similar projects: which question the search serves, and from which likeness an officer has to judge."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from gongmo.definition.base import Based, Identifier, Text, Wrong

if TYPE_CHECKING:
    from gongmo.definition.model import Definition

Percent = Annotated[int, Field(ge=1, le=100)]


class Similar(Based):
    """The search for earlier projects that an application is the same as or similar to. A likeness excludes nobody: an officer judges."""

    fact: Identifier
    """The question of `facts` to which an officer's judgement is the answer."""
    attention: Percent = 25
    """Likeness in percent from which every earlier project found has to be judged before the check is concluded."""
    attention_pairs: Percent = 40
    """The same for two applications of this call, their common words left out."""

    @property
    def usual(self) -> bool:
        """Whether both figures are the usual ones, which no clause states: the page says so."""
        fields = type(self).model_fields
        return all(getattr(self, name) == fields[name].default for name in ("attention", "attention_pairs"))


USUAL = Text(
    ko="공고에 정한 바가 없어 흔히 쓰는 기준을 씁니다. 수치는 제외의 기준이 아니라, 담당자가 하나하나 판단할 것을 고르는 기준입니다.",
    en="The call is silent, so the usual figures stand. They exclude nobody: they say what an officer has to judge.",
)
"""Why the usual figures stand."""


def similar_problems(call: "Definition") -> Iterator[Wrong]:
    """A fact that the call does not ask for."""
    if call.similar is None:
        return
    known = [fact.id for fact in call.facts]
    if call.similar.fact not in known:
        yield Wrong(
            ("similar", "fact"),
            f"‘{call.similar.fact}’은(는) 이 정의에 없는 확인 항목입니다. 정의된 이름: {', '.join(known) or '–'}",
            f"“{call.similar.fact}” is no fact of this definition. Declared: {', '.join(known) or '–'}",
        )
