"""`gongmo manage announce TEXT [--kind slow|maintenance|info] [--until INSTANT]`: a notice on the status page while the site is hard to reach."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongmo.kernel.actor import system
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import Refused
from gongmo.operation import commands
from gongmo.operation.models import Kind


class Command(BaseCommand):
    help = "Put a notice on the status page. It is taken down at /operation/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", help="in Korean, as everyone reads it")
        parser.add_argument("--english", default="", help="the same in English")
        parser.add_argument("--kind", choices=[kind.value for kind in Kind], default=Kind.INFO.value)
        parser.add_argument(
            "--until", default="", help="2030-03-29T19:00 (Korea time, unless an offset is given)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ends = None
        if options["until"]:
            try:
                ends = datetime.fromisoformat(options["until"])
            except ValueError as error:
                raise CommandError(
                    "시각은 2030-03-29T19:00처럼 적어 주세요. / Write the time as 2030-03-29T19:00."
                ) from error
            ends = ends if ends.tzinfo is not None else ends.replace(tzinfo=SEOUL)
        try:
            commands.announce(
                actor=system("cli"),
                kind=Kind(options["kind"]),
                text_ko=options["text"],
                text_en=options["english"],
                ends_at=ends,
            )
        except Refused as refused:
            raise CommandError(f"{refused.ko}\n{refused.en}") from refused
        self.stdout.write("안내를 올렸습니다. 서비스 상태 화면에 5초 안에 나타납니다.")
