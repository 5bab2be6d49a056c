"""`gongmo manage extend_call SLUG --to INSTANT --reason TEXT --by EMAIL`: move a deadline for everyone while the site cannot be reached.

The page (calls/<slug>/manage/) is the usual way. Only whoever may do it there may do it here.
"""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongmo.calls import commands
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.kernel.actor import system
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import Refused
from gongmo.kernel.korean import stamp
from gongmo.parties import queries


class Command(BaseCommand):
    help = "Extend a call's deadline for everyone, in the name of an officer who runs it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the call, as in its address")
        parser.add_argument(
            "--to", required=True, help="2030-03-29T19:00 (Korea time, unless an offset is given)"
        )
        parser.add_argument("--reason", required=True, help="told to everyone with the notice")
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="the officer in whose name it is done"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            to = datetime.fromisoformat(options["to"])
        except ValueError as error:
            raise CommandError(
                "시각은 2030-03-29T19:00처럼 적어 주세요. / Write the time as 2030-03-29T19:00."
            ) from error
        to = to if to.tzinfo is not None else to.replace(tzinfo=SEOUL)
        call = Call.objects.select_related("operator").filter(slug=options["slug"]).first()
        if call is None:
            known = ", ".join(Call.objects.values_list("slug", flat=True)[:20])
            raise CommandError(f"그런 공고가 없습니다. 있는 공고: {known} / There is no such call.")
        person = queries.find_person(system("cli"), options["by"])
        held = queries.actors_of(person, origin="cli") if person is not None else []
        actor = next((each for each in held if operates(each, call)), None)
        if actor is None:
            raise CommandError(
                f"{options['by']}: 이 공고를 운영하는 담당자가 아닙니다. {call.operator.name}의 담당자 주소를 --by에 적어 주세요"
                " (/operator/people/에서 찾을 수 있습니다).\n"
                f"is no officer who runs this call: name one of {call.operator.name} (/operator/people/)."
            )
        old = call.closes_at
        try:
            commands.extend(actor=actor, call_id=call.pk, closes_at=to, reason=options["reason"])
        except Refused as refused:
            raise CommandError(f"{refused.ko}\n{refused.en}") from refused
        self.stdout.write(
            f"{call.title_ko}: 접수 마감을 {stamp(old)}에서 {stamp(to)}로 연장했습니다. 모든 신청자에게 알립니다."
        )
