"""`gongmo move`: carries a whole installation to another database and another storage, and proves that everything is there."""

import argparse
import importlib
import os
from pathlib import Path

from gongmo.cli import noting, output, start
from gongmo.cli.proving import Progress, quietly
from gongmo.cli.restore import report
from gongmo.kernel.errors import BadInput

NAME = "move"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME,
        help="이 설치를 통째로 다른 데이터베이스와 파일 저장소로 옮깁니다 / carry this installation to another database and storage",
        description=(
            "서버를 모두 멈춘 뒤에 실행해 주세요. 원래 자료는 그대로 둡니다. 암호가 든 주소는 명령줄 대신 "
            "GONGMO_TO_DATABASE_URL, GONGMO_TO_FILES_URL에 넣을 수 있습니다 / stop every server first; the old data stays"
        ),
    )
    parser.add_argument(
        "--to-database",
        default=os.environ.get("GONGMO_TO_DATABASE_URL", ""),
        metavar="URL",
        help="받을 빈 데이터베이스: postgresql://… / the empty database",
    )
    parser.add_argument(
        "--to-files",
        default=os.environ.get("GONGMO_TO_FILES_URL", ""),
        metavar="URL",
        help="받을 빈 파일 저장소: s3://key:secret@host/bucket 또는 /folder / the empty storage",
    )
    noting.add_reason(parser)
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Move, run doctor and replay at the new place, print; 0 where everything is there and well."""
    if not args.to_database or not args.to_files:
        raise BadInput(
            "places",
            "받을 곳을 둘 다 적어 주세요: gongmo move --to-database postgresql://… --to-files s3://…",
            "Name both places: gongmo move --to-database postgresql://… --to-files s3://…",
        )
    config = importlib.import_module("gongmo.web.config")
    wrong = importlib.import_module("django.core.exceptions").ImproperlyConfigured
    try:
        home = config.home()
        old = config.text("GONGMO_DATABASE_URL")
        database = config.database(old, home)
        files = config.files(config.text("GONGMO_FILES_URL")) or str(home / "files")
        config.database(args.to_database, home)
        if args.to_database == old or args.to_files == config.text("GONGMO_FILES_URL"):
            raise wrong("새 곳이 지금 곳과 같습니다 / the new place is the old one")
        if not old and not Path(database["NAME"]).is_file():
            raise wrong(f"{database['NAME']}: 그런 파일이 없습니다 / is not there")
        # From here on the settings are those of the new place; the rest of them (secrets, home) is the same.
        os.environ["GONGMO_DATABASE_URL"], os.environ["GONGMO_FILES_URL"] = args.to_database, args.to_files
        start.django()
        quietly()
    except wrong as error:
        output.complain(f"옮길 수 없습니다. 주소를 확인해 주세요. ({error}) / Check the addresses.")
        return output.UNUSABLE
    if not old and (others := importlib.import_module("gongmo.web.running").others(home)):
        pids = ", ".join(str(each) for each in others)
        output.complain(
            f"이 설치의 서버가 켜져 있습니다(pid {pids}). 옮기는 동안과 옮긴 뒤에 저장한 것은 새 곳으로 가지 않습니다. 서버를 끄고 다시 해 주세요. "
            f"아무것도 하지 않았습니다. / The server of this installation runs (pid {pids}). Stop it and run this again. Nothing was done."
        )
        return output.FAILED
    move = importlib.import_module("gongmo.carrying.moving").move
    database_error = importlib.import_module("django.db").Error
    # The note waits in the home, and is the new place's.
    noting.note("move", reason=args.reason)
    try:
        done = move(database=database, files=files, progress=Progress(args.lang))
    except (OSError, database_error) as error:
        output.complain(
            f"옮기지 못했습니다. 원래 자료는 그대로입니다. 고친 뒤 같은 명령을 다시 하면 이미 옮긴 파일은 건너뜁니다. ({error}) / "
            "Not moved; the old data is as it was. Run the same again once this is mended."
        )
        return output.FAILED
    code = report(args, done)
    if code == output.OK and not args.json:
        output.say(
            "이제 GONGMO_DATABASE_URL과 GONGMO_FILES_URL을 새 주소로 바꾸고 서버를 여세요. 원래 데이터베이스와 파일은 확인이 끝날 때까지 지우지 말아 주세요."
            if args.lang == "ko"
            else "Now set GONGMO_DATABASE_URL and GONGMO_FILES_URL to the new addresses and start. Keep the old data until you are sure."
        )
    return code
