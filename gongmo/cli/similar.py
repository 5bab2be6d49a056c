"""`gongmo similar`: bring in lists of earlier projects, find projects, make the index anew."""

import argparse
import importlib
import sys
from pathlib import Path

from gongmo.cli import output, start

NAME = "similar"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(NAME, help="앞선 과제와 견줍니다 / compare with earlier projects")
    acts = parser.add_subparsers(dest="act", metavar="일/act", required=True)
    bring = acts.add_parser("import", help="과제 목록을 가져옵니다 / bring in a list (CSV, XLSX)")
    bring.add_argument("file", type=Path)
    bring.add_argument("--name", required=True, help="목록의 이름 / what the list is called")
    find = acts.add_parser("find", help="비슷한 과제를 찾습니다 / find projects like a text")
    find.add_argument("text", help="글, 또는 - (표준 입력) / words, or - to read them")
    find.add_argument("--limit", type=int, default=10)
    acts.add_parser("reindex", help="찾아보기를 다시 만듭니다 / make the index anew")


def run(args: argparse.Namespace) -> int:
    """Ends with 0; 2 for a file that cannot be used."""
    start.with_data()
    actor = importlib.import_module("gongmo.kernel.actor").system("cli")
    if args.act == "import":
        return _bring_in(args, actor)
    if args.act == "reindex":
        done = importlib.import_module("gongmo.similarity.indexing").reindex()
        output.say(f"과제 {done:,}건의 찾아보기를 다시 만들었습니다. / {done:,} projects indexed.")
        return output.OK
    text = sys.stdin.read() if args.text == "-" else args.text
    queries = importlib.import_module("gongmo.similarity.queries")
    for each in queries.find_projects(actor, text)[: args.limit]:
        output.say(f"{each.told.score:6.1%}  {each.project.number}  {each.project.title}")
    return output.OK


def _bring_in(args: argparse.Namespace, actor: object) -> int:
    commands = importlib.import_module("gongmo.similarity.commands")
    try:
        stream = args.file.open("rb")
    except OSError as error:
        output.complain(f"파일을 열 수 없습니다: {args.file} / cannot be opened ({error.strerror})")
        return output.UNUSABLE
    with stream:
        made = commands.begin_import(actor=actor, name=args.name, file_name=args.file.name, stream=stream)
    commands.confirm_import(actor=actor, import_id=made.pk)
    commands.bring_in(import_id=made.pk)
    made.refresh_from_db()
    for each in made.problems[:20]:
        output.complain(f"{each['row']}: {each['ko']} / {each['en']}")
    if made.trouble_ko:
        output.complain(f"{made.trouble_ko} / {made.trouble_en}")
        return output.UNUSABLE
    output.say(
        f"더한 과제 {made.added:,}건, 이미 있던 과제 {made.known:,}건, 뺀 줄 {made.left_out:,}건. / "
        f"{made.added:,} added, {made.known:,} known, {made.left_out:,} left out."
    )
    return output.OK
