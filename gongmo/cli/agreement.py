"""`gongmo agreement`: verifies a sealed agreement without a server, a database or the network."""

import argparse
import importlib
import io
import json
from pathlib import Path

from gongmo.awards.sealing import Checked, Unreadable, certificates, check_pdf
from gongmo.cli import output
from gongmo.kernel.canonical import plain
from gongmo.kernel.errors import BadInput
from gongmo.kernel.korean import stamp

NAME = "agreement"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME, help="봉인한 협약서를 인터넷 없이 확인합니다 / verify a sealed agreement offline"
    )
    acts = parser.add_subparsers(dest="act", required=True, metavar="일/act")
    verify = acts.add_parser(
        "verify", help="협약서의 전자서명을 모두 확인합니다 / check every signature in the file"
    )
    verify.add_argument("file", metavar="FILE", help="협약서 PDF / the agreement's PDF")
    verify.add_argument(
        "--certificate",
        metavar="PEM",
        action="append",
        default=[],
        help="기관이 알린 봉인 인증서나 믿는 발급자의 인증서 / the published seal certificate, or a trusted issuer's",
    )
    output.add_common(verify)


def run(args: argparse.Namespace) -> int:
    """Print each signature; 0 when all hold (and are trusted, where certificates are given), 1 when one does not, 2 for no such file."""
    try:
        trusted = [each for name in args.certificate for each in certificates(Path(name).read_bytes())]
        content = Path(args.file).read_bytes()
        found = check_pdf(content, trusted)
    except (OSError, ValueError, Unreadable) as error:
        raise BadInput(
            "agreement",
            f"협약서나 인증서로 읽을 수 없습니다: {args.file} ({error})",
            f"The file or a certificate cannot be read: {args.file} ({error})",
        ) from error
    good = bool(found) and all(each.holds and (each.trusted or not trusted) for each in found)
    said = _attached(content)
    if args.json:
        output.print_json({"ok": good, "signatures": [plain(each) for each in found], "signed": said})
        return output.OK if good else output.FAILED
    korean = args.lang == "ko"
    if not found:
        output.say("전자서명이 없는 PDF입니다." if korean else "The PDF holds no signature.")
        return output.FAILED
    for each in found:
        output.say(_line(each, korean, bool(trusted)))
        if each.reason:
            output.say(f"        {each.reason}")
    people = said.get("signatures")
    if isinstance(people, list) and people:
        output.say("화면에서 서명한 사람:" if korean else "Signed on screen by:")
        for person in people:
            output.say(f"  {person['at']}  {person['organisation_name']}  {person['title']} {person['name']}")
    if not trusted and good:
        output.say(
            "  봉인 인증서를 --certificate로 주면 누가 봉인했는지도 확인합니다."
            if korean
            else "  Give --certificate to see whether the seal is the agency's."
        )
    return output.OK if good else output.FAILED


def _line(each: Checked, korean: bool, asked: bool) -> str:
    holds = each.holds and (each.trusted or not asked)
    word = ("맞음", "다름")[not holds] if korean else ("holds", "differs")[not holds]
    parts = [each.signer, stamp(each.at, seconds=True) if each.at else ""]
    for wrong, ko, en in (
        (not each.intact or not each.valid, "내용이 바뀌었습니다", "the content was changed"),
        (not each.whole, "서명 뒤에 다른 것이 더해졌습니다", "something was added after it"),
        (asked and not each.trusted, "믿는 인증서가 아닙니다", "the certificate is not trusted"),
    ):
        if wrong:
            parts.append(ko if korean else en)
    return f"  {word}  {each.field}: {' · '.join(part for part in parts if part)}"


def _attached(content: bytes) -> dict[str, object]:
    """What the file says of the signatures on screen; empty where it says nothing that can be read."""
    reader = importlib.import_module("pypdf").PdfReader
    try:
        found = reader(io.BytesIO(content)).attachments.get("signatures.json", [])
        said = json.loads(found[0]) if found else {}
    except Exception:  # whatever a damaged file makes the reader raise; the signatures were checked above
        return {}
    return said if isinstance(said, dict) else {}
