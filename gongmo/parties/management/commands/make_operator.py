"""`gongmo manage make_operator EMAIL`: the first operator of an installation, who then registers everybody else in the browser."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongmo.kernel.actor import Role, system
from gongmo.kernel.errors import Refused
from gongmo.parties import commands, queries


class Command(BaseCommand):
    help = "Register a person, where needed, and make them an operator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="운영자", help="the name that others see")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = system("cli")
        try:
            person = queries.find_person(actor, options["email"])
            if person is None:
                person = commands.register_person(
                    actor=actor, email=options["email"], display_name=options["name"]
                )
            commands.grant_role(actor=actor, person_id=person.pk, role=Role.OPERATOR)
        except Refused as refused:
            raise CommandError(f"{refused.ko}\n{refused.en}") from refused
        self.stdout.write(
            f"{person.email}: 운영자로 등록했습니다. 로그인 화면의 ‘비밀번호를 잊으셨나요’에서 비밀번호를 정해 주세요."
        )
