"""What a finding says may be said better later; what was found may not change."""

from dataclasses import replace

from gongmo.definition.base import Text
from gongmo.kernel.canonical import plain
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind, without_words

WORDS = Text(ko="처음 문장", en="first words")
LATER = Text(ko="나중 문장", en="later words")
FINDING = Finding(
    "share",
    "A-8",
    Status.FAIL,
    Subject(SubjectKind.APPLICATION),
    WORDS,
    WORDS,
    WORDS,
    WORDS,
    numbers={"won": 1},
)


def test_findings_that_differ_in_words_only_are_the_same_and_others_are_not() -> None:
    said = replace(FINDING, title=LATER, observed=LATER, required=LATER, message=LATER, remedy=LATER)
    found = [
        replace(FINDING, status=Status.PASS),
        replace(FINDING, numbers={"won": 2}),
        replace(FINDING, clause="A-9"),
    ]

    assert without_words(plain([said])) == without_words(plain([FINDING]))
    assert without_words(plain([FINDING])) not in [without_words(plain([each])) for each in found]
