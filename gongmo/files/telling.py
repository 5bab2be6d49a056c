"""What was found in a file, as sentences for the person who handed it in."""

from collections.abc import Iterable, Mapping
from typing import Any

from gongmo.files.models import ScanState

Sentence = tuple[str, str]
NAMED = 5
"""Numbers that are named in the sentence; more are counted."""


def told(
    facts: Mapping[str, Any], scan: str, scan_told: str
) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """Problems (the file cannot be used as it is) and warnings, each Korean and English."""
    return tuple(_problems(facts, scan, scan_told)), tuple(_warnings(facts))


def _problems(facts: Mapping[str, Any], scan: str, scan_told: str) -> Iterable[Sentence]:
    if scan == ScanState.FOUND:
        yield (
            f"바이러스 검사에서 걸렸습니다({scan_told}). 아무도 열 수 없으니 원본을 검사한 뒤 다시 올려 주세요.",
            f"The virus scanner found {scan_told}. Nobody can open the file; check the original and upload it again.",
        )
    for about, name in _each(facts):
        ko, en = (f"‘{name}’은(는) ", f"“{name}” ") if name else ("", "The file ")
        if about.get("locked"):
            yield (
                f"{ko}암호가 걸려 있어 심사자가 열 수 없습니다. 암호를 풀고 다시 올려 주세요.",
                f"{en}is locked with a password. Remove it and upload the file again.",
            )
        if about.get("broken"):
            yield (
                f"{ko}열리지 않습니다. 원본을 열어 다시 저장해 올려 주세요. ({about.get('program', '')}: {about['broken']})",
                f"{en}cannot be opened. Save the original again and upload it. ({about.get('program', '')}: {about['broken']})",
            )


def _warnings(facts: Mapping[str, Any]) -> Iterable[Sentence]:
    if numbers := facts.get("numbers"):
        count = facts.get("numbers_count", len(numbers))
        named = [f"{place(each['place'])[0]} {each['masked']}" for each in numbers[:NAMED]]
        english = [f"{each['masked']} ({place(each['place'])[1]})" for each in numbers[:NAMED]]
        more = count - len(named)
        yield (
            f"주민등록번호로 보이는 숫자가 {count}개 있습니다: {', '.join(named)}{f' 외 {more}개' if more else ''}. "
            "뒷자리를 지우고 다시 올려 주세요.",
            f"{count} numbers look like resident registration numbers: {', '.join(english)}{f' and {more} more' if more else ''}. "
            "Please remove their last digits and upload the file again.",
        )
    if facts.get("old_format"):
        yield (
            ".hwp 파일입니다. 2026년부터 정부는 .hwp 대신 HWPX나 PDF를 쓰도록 하고 있으니, 바꾸어 올리시기를 권합니다.",
            "This is a .hwp file. The government asks for HWPX or PDF instead from 2026 on; please convert it if you can.",
        )
    if facts.get("scanned"):
        yield (
            "글자가 없는 스캔 문서입니다. 주민등록번호가 보이는지는 직접 확인해 주세요.",
            "The document is scanned pictures without letters. Please check by eye that no resident numbers are visible.",
        )
    if facts.get("unread"):
        yield (
            "이 형식은 안의 글을 읽지 못합니다. 주민등록번호가 들어 있는지 직접 확인해 주세요.",
            "The words of this format are not read. Please check by eye that it holds no resident numbers.",
        )
    if facts.get("stopped"):
        yield (
            "파일이 커서 앞부분만 살폈습니다. 나머지는 직접 확인해 주세요."
            if facts["stopped"] in ("time", "memory", "length")
            else "파일의 내용을 살피지 못했습니다. 내려받아 열리는지 직접 확인해 주세요.",
            "Only the beginning of the file was looked into. Please check the rest by eye."
            if facts["stopped"] in ("time", "memory", "length")
            else "The file could not be looked into. Please download it and see that it opens.",
        )


def _each(facts: Mapping[str, Any]) -> Iterable[tuple[Mapping[str, Any], str]]:
    """The file itself and the files in it."""
    yield facts, ""
    for each in facts.get("files", []):
        yield each, str(each.get("name", ""))


def place(found: Mapping[str, Any]) -> Sentence:
    """A place in a document, in words."""
    words: list[Sentence] = []
    if entry := found.get("entry"):
        words.append((f"‘{entry}’", f"“{entry}”"))
    if page := found.get("page"):
        words.append((f"{page}쪽", f"page {page}"))
    if slide := found.get("slide"):
        words.append((f"슬라이드 {slide}", f"slide {slide}"))
    if sheet := found.get("sheet"):
        words.append(
            (f"‘{sheet}’ 시트 {found.get('row', 1)}행부터", f"sheet “{sheet}” from row {found.get('row', 1)}")
        )
    if paragraph := found.get("paragraph"):
        words.append((f"{paragraph}번째 문단", f"paragraph {paragraph}"))
    return " ".join(ko for ko, _ in words), ", ".join(en for _, en in words)
