"""The call's own questions: which an application is asked, in what form they are answered, and what is still missing.

An answer stands under its place: the question's id, "@" and the field of support where it is asked for each, "." and the part where a
person is asked for ("plan@solution", "director.name").
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongmo.definition.application import FIGURE, Application, Kpi
from gongmo.definition.base import Severity, Text
from gongmo.definition.form import TEXTS, Indicators, Question, QuestionKind, Section
from gongmo.definition.model import Definition, SupportField
from gongmo.kernel.korean import particle
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind
from gongmo.rules.values import Ground, text

PERSON_PARTS = {
    "name": text("이름", "Name"),
    "position": text("부서와 직위", "Department and position"),
    "phone": text("전화번호", "Phone"),
    "email": text("전자우편", "E-mail"),
}
"""What is asked of a person. The name and a way to reach them are needed where the question is required."""
KPIS = "kpis"
KPIS_TITLE = text("성과지표", "Indicators of success")
MOST_OF_A_PART = 100
_EMAIL = re.compile(r"^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$")
_PHONE = re.compile(r"^\+?[\d() .-]{7,25}$")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as this application is asked it: its place, its section, and the field of support where it is asked for each."""

    place: str
    section: Section
    question: Question
    field: SupportField | None

    @property
    def name(self) -> Text:
        """The question in words, with the field of support."""
        name = self.question.name
        if self.field is None:
            return name
        return text(f"{name.ko} ({self.field.name.ko})", f"{name.en} ({self.field.name.en})")

    @property
    def places(self) -> tuple[str, ...]:
        """The places of its answers: one, or those of a person's parts."""
        if self.question.kind is QuestionKind.PERSON:
            return tuple(f"{self.place}.{part}" for part in PERSON_PARTS)
        return (self.place,)


def asked(definition: Definition, fields: Iterable[str]) -> tuple[Asked, ...]:
    """Every question that an application with these fields of support is asked, in the form's order."""
    chosen = set(fields)
    found: list[Asked] = []
    for section in definition.form.sections if definition.form is not None else ():
        for question in section.questions:
            if not question.per_field:
                found.append(Asked(question.id, section, question, None))
                continue
            found += [
                Asked(f"{question.id}@{field.id}", section, question, field)
                for field in definition.fields
                if field.id in chosen
            ]
    return tuple(found)


def question_at(definition: Definition, place: str) -> tuple[Question, str] | None:
    """The question whose answer stands at a place, and the person's part ("" for others); None where the call has no such place.

    Places of fields that the application does not choose are known too: their answers are kept while a choice is changed.
    """
    rest, _, part = place.partition(".")
    name, _, field = rest.partition("@")
    for section in definition.form.sections if definition.form is not None else ():
        for question in section.questions:
            if question.id != name:
                continue
            person = question.kind is QuestionKind.PERSON
            in_field = field in {item.id for item in definition.fields} if question.per_field else not field
            in_part = part in PERSON_PARTS if person else not part
            in_shape = ("." in place) == person and ("@" in place) == question.per_field
            return (question, part) if in_field and in_part and in_shape else None
    return None


def answer_problem(question: Question, part: str, answer: str) -> Text | None:
    """What is wrong with the form of an answer that is not empty; None where nothing is."""
    if part:
        return _part_problem(part, answer)
    if question.kind in TEXTS and len(answer) > question.letters:
        over = len(answer) - question.letters
        return text(
            f"{question.letters:,}자 이내로 적어 주세요. 지금은 {len(answer):,}자로 {over:,}자가 넘습니다.",
            f"Keep it within {question.letters:,} letters; it has {len(answer):,}, which is {over:,} too many.",
        )
    if question.kind is QuestionKind.NUMBER and not FIGURE.fullmatch(answer):
        return text(
            "숫자로 적어 주세요. 소수점 아래는 4자리까지 됩니다.",
            "Write a number, with at most 4 decimal places.",
        )
    if question.kind is QuestionKind.DATE and _day(answer) is None:
        return text("날짜를 다시 골라 주세요.", "Choose the day again.")
    if question.kind is QuestionKind.CHOICE and answer not in {choice.id for choice in question.choices}:
        return text("보기 가운데 다시 골라 주세요.", "Choose one of the options again.")
    return None


def _part_problem(part: str, answer: str) -> Text | None:
    if len(answer) > MOST_OF_A_PART:
        return text(f"{MOST_OF_A_PART}자 이내로 적어 주세요.", f"Keep it within {MOST_OF_A_PART} letters.")
    if part == "email" and not _EMAIL.match(answer):
        return text(
            "전자우편 주소를 ‘이름@기관.kr’처럼 적어 주세요.", "Write the e-mail address as name@example.kr."
        )
    if part == "phone" and not _PHONE.match(answer):
        return text("전화번호를 ‘055-000-0000’처럼 적어 주세요.", "Write the phone number as 055-000-0000.")
    return None


def _day(answer: str) -> date | None:
    try:
        return date.fromisoformat(answer) if len(answer) == 10 else None
    except ValueError:
        return None


def told_answer(question: Question, part: str, answer: str) -> Text:
    """An answer as readers see it: a choice by its name, a number with its unit."""
    if not answer:
        return text("(없음)", "(none)")
    if question.kind is QuestionKind.CHOICE:
        return next((item.name for item in question.choices if item.id == answer), text(answer, answer))
    if question.kind is QuestionKind.NUMBER and question.unit_name is not None:
        return text(f"{answer}{question.unit_name.ko}", f"{answer} {question.unit_name.en}")
    return text(answer, answer)


def told_answers(
    definition: Definition, fields: Iterable[str], answers: Mapping[str, str]
) -> list[tuple[Text, Text]]:
    """Every question that is asked with its answer in words, for readers and papers; what was left open is "(없음)"."""
    found: list[tuple[Text, Text]] = []
    for item in asked(definition, fields):
        if item.question.kind is QuestionKind.PERSON:
            parts = [answers.get(place, "") for place in item.places]
            one = ", ".join(part for part in parts if part)
            found.append((item.name, text(one, one) if one else text("(없음)", "(none)")))
        else:
            found.append((item.name, told_answer(item.question, "", answers.get(item.place, ""))))
    return found


def check_form(definition: Definition, application: Application) -> tuple[Finding, ...]:
    """One finding a question that is asked, and one for the indicators. None where the call asks nothing.

    A value from outside that says nothing of answers (None) is told once, as an advisory unknown.
    """
    form = definition.form
    if form is None:
        return ()
    found: list[Finding] = []
    answers = application.answers
    if answers is None:
        if form.sections:
            found.append(_not_told())
    else:
        found += [_answered(item, answers) for item in asked(definition, application.fields)]
        found += [_stray(place) for place in answers if question_at(definition, place) is None]
    if form.kpis is not None and application.kpis is not None:
        found.append(_measured(form.kpis, application.kpis))
    return tuple(found)


def _not_told() -> Finding:
    ground = Ground("answers", text("작성 내용", "Written answers"), None, True)
    message = text(
        "이 자료에는 작성 내용이 들어 있지 않아 확인하지 못했습니다.",
        "This value holds no answers, so that they could not be checked.",
    )
    return ground.finding(
        Status.UNKNOWN,
        Subject(SubjectKind.ANSWER),
        observed=text("없음", "none"),
        required=text("공고가 묻는 내용", "answers to the call's questions"),
        message=message,
        severity=Severity.ADVISORY,
    )


def _stray(place: str) -> Finding:
    ground = Ground("answers", text("작성 내용", "Written answers"), None, True)
    return ground.finding(
        Status.FAIL,
        Subject(SubjectKind.ANSWER, place),
        observed=text(place, place),
        required=text("공고가 묻는 내용", "answers to the call's questions"),
        message=text(
            f"‘{place}’에 적은 답은 이 공고가 묻지 않는 것이라 보지 않았습니다.",
            f"The answer at “{place}” belongs to no question of this call and was not looked at.",
        ),
        severity=Severity.ADVISORY,
    )


def _answered(item: Asked, answers: Mapping[str, str]) -> Finding:
    question = item.question
    ground = Ground.under(question.id, item.name, question)
    person = question.kind is QuestionKind.PERSON
    given = {place: answers.get(place, "").strip() for place in item.places}
    letters = sum(map(len, given.values()))
    limit = (
        text(f"{question.letters:,}자 이내", f"at most {question.letters:,} letters")
        if question.kind in TEXTS
        else text("알맞은 답", "a fitting answer")
    )
    required = limit if question.required else text(f"선택, {limit.ko}", f"optional, {limit.en}")
    numbers = {"place": item.place, "letters": letters, "limit": question.letters, "missing": False}

    def verdict(status: Status, place: str, observed: Text, message: Text, remedy: Text | None) -> Finding:
        return ground.finding(
            status,
            Subject(SubjectKind.ANSWER, place),
            observed=observed,
            required=required,
            message=message,
            remedy=remedy,
            numbers=numbers,
        )

    name = item.name
    for place, answer in given.items():
        part = place.rpartition(".")[2] if person else ""
        wrong = answer_problem(question, part, answer) if answer else None
        if wrong is not None:
            return verdict(
                Status.FAIL,
                place,
                text(f"{len(answer):,}자", f"{len(answer):,} letters"),
                text(f"‘{name.ko}’: {wrong.ko}", f"“{name.en}”: {wrong.en}"),
                wrong,
            )
    missing = _missing(item.place, given) if person else ("" if letters else item.place)
    if not missing:
        return verdict(
            Status.PASS,
            item.place,
            text(f"{letters:,}자", f"{letters:,} letters"),
            text(f"‘{name.ko}’ 칸을 적었습니다.", f"“{name.en}” is answered."),
            None,
        )
    if not question.required and not letters:
        return verdict(
            Status.NOT_APPLICABLE,
            item.place,
            text("적지 않음", "left open"),
            text(f"‘{name.ko}’ 칸은 적지 않아도 됩니다.", f"“{name.en}” may be left open."),
            None,
        )
    what = _what_is_missing(item, missing, letters > 0)
    numbers["missing"] = True
    return verdict(
        Status.FAIL, missing, text("적지 않음", "left open"), what, text("적어 주세요.", "Answer it.")
    )


def _missing(place: str, given: Mapping[str, str]) -> str:
    """The first place that a person still needs; "" when none."""
    if not given[f"{place}.name"]:
        return f"{place}.name"
    reached = given[f"{place}.phone"] or given[f"{place}.email"]
    return "" if reached else f"{place}.email"


def _what_is_missing(item: Asked, missing: str, begun: bool) -> Text:
    name = item.name
    if item.question.kind is QuestionKind.PERSON and begun:
        if missing.endswith(".email"):
            return text(
                f"‘{name.ko}’의 전화번호나 전자우편을 적어 주세요.",
                f"Give a phone number or e-mail address of “{name.en}”.",
            )
        return text(f"‘{name.ko}’의 이름을 적어 주세요.", f"Give the name of “{name.en}”.")
    return text(f"‘{particle(name.ko + '’', '을', '를')} 적어 주세요.", f"“{name.en}” is not answered yet.")


def _measured(indicators: Indicators, kpis: tuple[Kpi, ...]) -> Finding:
    ground = Ground.under(KPIS, KPIS_TITLE, indicators)
    begun = [kpi for kpi in kpis if kpi.name or kpi.baseline is not None or kpi.target is not None]
    whole = [kpi for kpi in begun if kpi.name and kpi.baseline is not None and kpi.target is not None]
    required = text(f"{indicators.count}개 이상", f"at least {indicators.count}")
    observed = text(f"{len(whole)}개", f"{len(whole)}")
    numbers = {"whole": len(whole), "begun": len(begun), "count": indicators.count, "missing": True}
    subject = Subject(SubjectKind.ANSWER, KPIS)
    if len(begun) > len(whole):
        loose = next(kpi for kpi in begun if kpi not in whole)
        name = loose.name or "-"
        return ground.finding(
            Status.FAIL,
            subject,
            observed=observed,
            required=required,
            message=text(
                f"성과지표 ‘{name}’의 이름, 지금 값, 목표 값을 모두 적어 주세요.",
                f"Give name, baseline and target of the indicator “{name}”.",
            ),
            remedy=text("빈칸을 채우거나 그 줄을 지워 주세요.", "Fill the gaps or take the row out."),
            numbers=numbers,
        )
    if len(whole) < indicators.count:
        short = indicators.count - len(whole)
        return ground.finding(
            Status.FAIL,
            subject,
            observed=observed,
            required=required,
            message=text(
                f"성과지표를 {indicators.count}개 이상 적어 주세요. 지금은 {len(whole)}개입니다.",
                f"Name at least {indicators.count} indicators; there are {len(whole)}.",
            ),
            remedy=text(f"{short}개를 더 적어 주세요.", f"Add {short} more."),
            numbers=numbers,
        )
    return ground.finding(
        Status.PASS if whole else Status.NOT_APPLICABLE,
        subject,
        observed=observed,
        required=required,
        message=text(f"성과지표 {len(whole)}개를 적었습니다.", f"{len(whole)} indicators are given."),
        numbers=numbers,
    )
