"""What must hold between recorded facts and the registers' answers on which they rest."""

import json
from collections.abc import Iterator

from gongmo.definition.application import FactSource
from gongmo.kernel.invariants import Broken, invariant
from gongmo.ledger.models import Entry
from gongmo.registers.models import RegisterAnswer
from gongmo.registers.outcomes import Outcome
from gongmo.screening.models import FactRecord


@invariant(
    "screening.register_facts",
    ko="등록부에서 나온 사실은 그보다 먼저 들은 등록부의 답에 근거합니다.",
    en="Every fact drawn from a register rests on an answer that was heard before it.",
)
def facts_rest_on_answers() -> Iterator[Broken]:
    bodies = Entry.objects.filter(act="screening.hear_registers").order_by("sequence")
    for body in bodies.values_list("body", flat=True).iterator():
        rests = {each["record"]: each["answer"] for each in json.loads(body)["payload"]["rests_on"]}
        records = FactRecord.objects.in_bulk(rests)
        answers = RegisterAnswer.objects.exclude(outcome=Outcome.UNAVAILABLE).in_bulk(rests.values())
        for key, answer in rests.items():
            record, heard = records.get(key), answers.get(answer)
            if record is None or record.source != FactSource.REGISTER:
                yield Broken(f"fact {key}", "no fact from a register", "the fact that was recorded")
            elif heard is None or heard.asked_at > record.recorded_at:
                yield Broken(
                    f"fact {key}", f"answer {answer}", "an answer heard before the fact was recorded"
                )
