"""Prints a call as readable text: what each clause says, what the software makes of it, and which choices no clause states."""

from collections.abc import Iterable, Mapping

from gongmo.cli import output
from gongmo.definition.base import Based, Text
from gongmo.definition.explain import (
    DEFAULT_MARK,
    amount,
    explain_allocation,
    explain_document,
    explain_evaluation,
    explain_rule,
)
from gongmo.definition.model import Definition, Period
from gongmo.kernel.korean import day, stamp

WORDS = {
    "who": Text(ko="추진체계", en="Who is who"),
    "clauses": Text(ko="조항과 그에 따른 규칙", en="Clauses and what follows from them"),
    "defaults": Text(ko="조항에 없어 기본값으로 정한 것", en="Defaults that no clause states"),
    "schedule": Text(ko="일정", en="Schedule"),
    "criteria": Text(ko="평가표", en="Score sheet"),
    "silent": Text(ko="정하지 않은 것", en="Left open"),
    "intake": Text(ko="접수", en="Intake"),
    "invented": Text(ko="연습용 가상 자료입니다.", en="This is invented material for practice."),
    "source": Text(ko="출처", en="Source"),
}
Line = tuple[Text, Text, Based]


def print_call(call: Definition, lang: str, regions: Mapping[str, Text]) -> None:
    """Print the whole call in one language. `regions` names region codes (empty: the codes are printed)."""

    def word(key: str) -> str:
        return output.pick(WORDS[key], lang)

    output.say(output.pick(call.title, lang))
    if call.invented:
        output.say(word("invented"))
    output.say(output.pick(call.purpose, lang))
    opens, closes = stamp(call.intake.opens), stamp(call.intake.closes)
    output.say(f"{word('intake')}: {opens} ~ {closes}")
    output.say(f"{word('source')}: {output.pick(call.source, lang)}")

    output.heading(word("who"))
    for actor in call.actors:
        held = f" ({output.pick(actor.organisation, lang)})" if actor.organisation else ""
        output.say(f"· {output.pick(actor.name, lang)}{held}: {output.pick(actor.does, lang)}")

    lines = _lines(call, regions)
    output.heading(word("clauses"))
    for clause in call.clauses:
        output.say(f"\n{clause.id} {output.pick(clause.title, lang)}")
        output.say(f"  {output.pick(clause.text, lang)}")
        if clause.silent is not None:
            output.say(f"  {word('silent')}: {output.pick(clause.silent, lang)}")
        for name, text, based in lines:
            if based.clause == clause.id:
                output.say(f"  → {output.pick(name, lang)}: {output.pick(text, lang)}")

    output.heading(word("schedule"))
    for milestone in call.milestones:
        dates = [day(value) for value in (milestone.starts, milestone.ends) if value is not None]
        when = (
            output.pick(milestone.when, lang) if milestone.when else " ~ ".join(dict.fromkeys(dates)) or "–"
        )
        output.say(f"· {output.pick(milestone.name, lang)}: {when} {_ground(milestone, lang)}")

    output.heading(word("criteria"))
    for group in call.evaluation.criteria:
        output.say(f"{group.id}. {output.pick(group.name, lang)} {group.max_points} {_ground(group, lang)}")
        for criterion in group.criteria:
            output.say(f"   {criterion.id} {output.pick(criterion.name, lang)} {criterion.max_points}")

    output.heading(word("defaults"))
    for name, text, based in lines:
        if based.default is None:
            continue
        output.say(
            f"· {output.pick(name, lang)}: {output.pick(text, lang)} [{output.pick(DEFAULT_MARK, lang)}]"
        )
        cited = f" ({based.citation})" if based.citation else ""
        output.say(f"    {output.pick(based.default, lang)}{cited}")
    for extra in _extra_defaults(call):
        output.say(f"· {output.pick(extra, lang)} [{output.pick(DEFAULT_MARK, lang)}]")


def _ground(based: Based, lang: str) -> str:
    return f"[{based.clause}]" if based.clause else f"[{output.pick(DEFAULT_MARK, lang)}]"


def _extra_defaults(call: Definition) -> Iterable[Text]:
    """Defaults inside parts whose main ground is a clause."""
    found = (
        call.budget.categories_default,
        call.evaluation.committee.rules_are_defaults,
        call.disclosure.applicant_sees_default,
        call.allocation.method_default if call.allocation else None,
    )
    return [text for text in found if text is not None]


def _lines(call: Definition, regions: Mapping[str, Text]) -> list[Line]:
    """Everything that the definition settles as (name, sentence, ground)."""
    lines: list[Line] = [(field.name, field.description or field.name, field) for field in call.fields]
    closing = Text(
        ko=f"{stamp(call.intake.opens)}부터 {stamp(call.intake.closes)} 전까지 받은 것만 인정합니다.",
        en=f"Received from {stamp(call.intake.opens)} and before {stamp(call.intake.closes)} (Seoul).",
    )
    lines.append((Text(ko="접수 기간", en="Intake"), closing, call.intake))
    for channel in call.intake.channels:
        until = f" ~ {day(channel.due_on)}" if channel.due_on else ""
        must = ("필수", "required") if channel.required else ("선택", "optional")
        lines.append(
            (
                channel.name,
                Text(
                    ko=f"{channel.instructions.ko} ({must[0]}{until})",
                    en=f"{channel.instructions.en} ({must[1]}{until})",
                ),
                channel,
            )
        )
    for rule in call.rules:
        text = explain_rule(call, rule, regions=regions)
        if rule.note is not None:
            text = Text(ko=f"{text.ko} {rule.note.ko}", en=f"{text.en} {rule.note.en}")
        lines.append((rule.title, text, rule))
    lines += [
        (Text(ko=f"확인: {fact.name.ko}", en=f"Asked: {fact.name.en}"), fact.question, fact)
        for fact in call.facts
    ]
    lines += [(document.name, explain_document(call, document), document) for document in call.documents]
    lines += explain_evaluation(call)
    allocation = explain_allocation(call)
    if call.allocation is not None and allocation is not None:
        lines.append((Text(ko="배분", en="Allocation"), allocation, call.allocation))
    lines += [(period.name, _days(period), period) for period in call.periods]
    lines += _agreement(call)
    lines += _shown_to(call)
    lines += [(Text(ko="그 밖의 설정", en="Setting"), setting.text, setting) for setting in call.settings]
    return lines


def _days(period: Period) -> Text:
    unit = ("근무일 ", "working ") if period.unit == "working" else ("", "")
    rolls = (
        (", 휴일이면 다음 근무일까지", ", an end on a holiday moves to the next working day")
        if period.roll_to_working_day
        else ("", "")
    )
    return Text(ko=f"{unit[0]}{period.days}일{rolls[0]}", en=f"{period.days} {unit[1]}days{rolls[1]}")


def _agreement(call: Definition) -> list[Line]:
    lines: list[Line] = []
    if call.agreement is not None:
        terms = call.agreement
        starts = f"{day(terms.starts_planned)} " if terms.starts_planned else ""
        more = [text for text in (terms.re_agreement, terms.termination) if text is not None]
        lines.append(
            (
                Text(ko="협약", en="Agreement"),
                Text(
                    ko=" ".join([f"{starts}~ {day(terms.ends)}", *(text.ko for text in more)]),
                    en=" ".join([f"{starts}~ {day(terms.ends)}", *(text.en for text in more)]),
                ),
                terms,
            )
        )
    if call.second_level is not None:
        pot = amount(call.second_level.pot)
        lines.append(
            (
                Text(ko="상위 협약의 돈", en="Money of the parent agreement"),
                Text(ko=f"모두 {pot.ko}까지만 나누어 줍니다.", en=f"At most {pot.en} are handed on."),
                call.second_level,
            )
        )
    return lines


def _shown_to(call: Definition) -> list[Line]:
    shown = call.disclosure
    public = ("공개합니다", "published") if shown.results_public else ("공개하지 않습니다", "not published")
    back = ("돌려줍니다", "returned") if shown.documents_returned else ("돌려주지 않습니다", "not returned")
    lines: list[Line] = [
        (
            Text(ko="결과와 서류", en="Results and documents"),
            Text(
                ko=f"평가 결과는 {public[0]}. 서류는 {back[0]}.",
                en=f"Results are {public[1]}. Documents are {back[1]}.",
            ),
            shown,
        )
    ]
    if call.presenter is not None:
        allowed = call.presenter.substitute == "member_with_consent"
        lines.append(
            (
                Text(ko="대리 발표", en="Substitute presenter"),
                Text(
                    ko="참여기관 사람이 미리 동의를 받으면 대신 발표할 수 있습니다.",
                    en="Somebody of a member may present with prior consent.",
                )
                if allowed
                else Text(ko="대신 발표할 수 없습니다.", en="Nobody else may present."),
                call.presenter,
            )
        )
    return lines
