"""What is found in files of each kind, by a program that can do nothing else."""

import io
import os
import subprocess
import sys
import zipfile
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from gongmo.files import places, queries
from gongmo.files.commands import inspect_waiting, inspections_wait, store
from gongmo.files.commands.inspect import facts_of
from gongmo.files.confined import BESIDE, read_files, run
from gongmo.files.kinds import LOCK
from gongmo.files.models import Inspection, InspectionState
from gongmo.kernel.errors import BadInput, NotFound
from tests.files import samples
from tests.files.test_numbers import SURE

inspect = import_module("gongmo.files.commands.inspect")
NUMBER = f"{SURE[:6]}-{SURE[6:]}"
MASKED = "900101-1******"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.GONGMO_FILES = tmp_path / "files"


def look(content: bytes, name: str) -> queries.Inspected:
    stored = store(stream=io.BytesIO(content), name=name)
    inspect_waiting()
    return queries.inspection(stored.sha256)


@pytest.mark.parametrize(
    ("content", "name", "place"),
    [
        (samples.pdf("first", f"No {NUMBER}"), "계획서.pdf", {"page": 2}),
        (samples.hwp("첫 문단", f"대표자 {NUMBER}"), "계획서.hwp", {"paragraph": 2}),
        (samples.hwpx("첫 문단", f"대표자 {NUMBER}"), "계획서.hwpx", {"paragraph": 2}),
        (samples.pptx("발표", f"대표자 {NUMBER}"), "발표.pptx", {"slide": 2}),
        (samples.docx("첫 문단", f"대표자 {NUMBER}"), "문서.docx", {"paragraph": 2}),
        (samples.xlsx(["이름", "번호"], ["가", int(SURE)]), "표.xlsx", {"sheet": "인력", "row": 1}),
        (
            samples.archive({"안/계획서.pdf": samples.pdf(f"No {NUMBER}")}),
            "자료.zip",
            {"page": 1, "entry": "안/계획서.pdf"},
        ),
    ],
    ids=["pdf", "hwp", "hwpx", "pptx", "docx", "xlsx", "zip"],
)
def test_a_resident_number_is_pointed_at_in_every_kind_and_kept_only_masked(
    content: bytes, name: str, place: dict[str, Any]
) -> None:
    found = look(content, name)

    assert found.state == InspectionState.DONE, found.facts
    assert [(each["masked"], each["place"]) for each in found.facts["numbers"]] == [(MASKED, place)]
    assert any(MASKED in ko for ko, _ in found.warnings)
    kept = places.derived(Inspection.objects.get().pk, "text").read_text("utf-8")
    assert SURE[7:] not in kept
    assert SURE[7:] not in str(found.facts)


def test_pages_are_counted() -> None:
    assert look(samples.pdf("a", "b", "c"), "a.pdf").facts["pages"] == 3
    assert look(samples.pptx("a", "b"), "a.pptx").facts["pages"] == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (samples.locked_pdf("secret"), "계획서.pdf"),
        (samples.hwp("글", locked=True), "계획서.hwp"),
        (samples.locked_hwpx(), "계획서.hwpx"),
        (samples.locked_zip(), "자료.zip"),
        (samples.compound(["EncryptedPackage"], b""), "발표.pptx"),
    ],
    ids=["pdf", "hwp", "hwpx", "zip", "office"],
)
def test_files_with_a_password_are_refused_at_once(content: bytes, name: str) -> None:
    with pytest.raises(BadInput) as told:
        store(stream=io.BytesIO(content), name=name)

    assert told.value.code == "file_encrypted"
    assert "암호" in told.value.ko


def test_whether_a_pdf_asks_for_a_password_is_told_without_reading_its_pages(tmp_path: Path) -> None:
    (tmp_path / "open").write_bytes(samples.locked_pdf("", samples.pdf("open to all")))
    (tmp_path / "locked").write_bytes(samples.locked_pdf("secret"))

    told = read_files([(name, LOCK, tmp_path / name) for name in ("open", "locked")], wall=60)

    assert told == {"open": [{"done": True}], "locked": [{"locked": True}, {"done": True}]}


def test_a_pdf_that_opens_too_slowly_is_taken_and_the_inspection_tells_of_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = import_module("gongmo.files.commands.store")
    monkeypatch.setattr(module, "TRIED", 0.0)

    found = look(samples.locked_pdf("secret"), "계획서.pdf")

    assert "암호" in found.problems[0][0]


def test_a_pdf_that_only_forbids_printing_is_taken_and_read() -> None:
    assert look(samples.locked_pdf("", samples.pdf("open to all")), "계획서.pdf").facts == {"pages": 1}


def test_a_file_that_a_program_cannot_open_is_told_with_what_the_program_said() -> None:
    found = look(samples.PDF, "계획서.pdf")

    assert found.facts["program"].startswith("pypdf ")
    assert found.facts["broken"]
    assert "열리지 않습니다" in found.problems[0][0]


def test_locked_and_broken_files_in_an_archive_are_named() -> None:
    found = look(
        samples.archive({"가.pdf": samples.locked_pdf("x"), "나.hwp": samples.hwp("글", locked=True)}),
        "자료.zip",
    )

    assert ["가.pdf" in ko or "나.hwp" in ko for ko, _ in found.problems] == [True, True]


def test_old_and_scanned_formats_are_warned_of() -> None:
    assert "HWPX" in look(samples.hwp("글"), "계획서.hwp").warnings[0][0]
    assert "스캔" in look(samples.pdf(""), "계획서.pdf").warnings[0][0]
    assert "읽지 못합니다" in look(samples.PPT, "발표.ppt").warnings[0][0]


def test_a_nested_archive_is_not_opened() -> None:
    inner = samples.archive({"a.pdf": samples.pdf(NUMBER)})

    found = look(samples.archive({"안.zip": inner}), "자료.zip")

    assert found.facts["files"] == [{"name": "안.zip", "size": len(inner), "extension": "zip"}]


def test_a_document_that_would_eat_all_memory_is_stopped_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    with (
        zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        made.open("word/document.xml", "w") as part,
    ):
        part.write(b"<w:p xmlns:w='w'><w:t>")
        for _ in range(600):
            part.write(b"A" * 1024**2)
        part.write(b"</w:t></w:p>")
    (tmp_path / "good").write_bytes(samples.docx("글"))

    told = read_files([("bomb", "docx", tmp_path / "bomb"), ("good", "docx", tmp_path / "good")], wall=60)

    assert any(line.get("stopped") or line.get("broken") for line in told["bomb"])
    assert told["good"][0]["text"] == "글"


def test_the_reading_program_can_open_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("own")
    (tmp_path / "secret").write_text("secret")
    script = (
        "import os, socket, sys\n"
        "from gongmo.files.sandbox import confine\n"
        f"own, other = os.open({str(tmp_path / 'own')!r}, 0), os.open({str(tmp_path / 'secret')!r}, 0)\n"
        "confine(own, memory=2**30, seconds=10)\n"
        "def tried(act):\n"
        "    try: act()\n"
        "    except OSError as error: return 'refused'\n"
        "    return 'done'\n"
        f"os.close(0)\n"
        f"acts = [lambda: os.open({str(tmp_path / 'secret')!r}, 0), lambda: os.read(other if other != 3 else 9, 9),\n"
        "        lambda: socket.socket(), lambda: os.fork(), lambda: os.execv('/bin/true', ['true'])]\n"
        "os.write(1, ','.join([os.read(3, 9).decode()] + [tried(act) for act in acts]).encode())\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=Path.cwd(), env=dict(os.environ)
    )

    assert done.stdout == "own,refused,refused,refused,refused,refused", done.stderr


def test_a_file_that_takes_the_program_with_it_is_given_up_after_three_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored = store(stream=io.BytesIO(samples.pdf("a")), name="a.pdf")
    monkeypatch.setattr(inspect, "read_files", lambda files, wall, beside: {})

    inspect_waiting()

    row = Inspection.objects.get(pk=stored.pk)
    assert (row.state, row.facts) == (InspectionState.FAILED, {"stopped": "crash"})
    assert queries.inspection(stored.pk).warnings


def test_what_nobody_waits_for_stands_behind_what_people_wait_for() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    # The program looks at itself once it has been told: it may run before.
    script = "import os,sys,time\nfor _ in range(200):\n if os.getpriority(os.PRIO_PROCESS,0) == int(sys.argv[1]): sys.exit(7)\n time.sleep(.01)"

    code = run([sys.executable, "-c", script, str(min(19, own + BESIDE))], wall=20, beside=True)

    assert code == 7


def test_no_file_is_begun_once_the_time_of_a_run_is_over() -> None:
    store(stream=io.BytesIO(samples.PDF), name="계획서.pdf")

    assert inspect_waiting(seconds=0) == 0
    assert inspect.inspections_wait()


def test_an_unknown_file_has_no_inspection() -> None:
    with pytest.raises(NotFound):
        queries.inspection("0" * 64)


def test_many_files_are_asked_for_in_one_statement(django_assert_num_queries: Any) -> None:
    names = [store(stream=io.BytesIO(samples.pdf(str(each))), name="a.pdf").pk for each in range(5)]

    with django_assert_num_queries(1):
        assert len(queries.inspections(names)) == 5


def test_files_that_no_inspector_or_an_older_one_saw_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = store(stream=io.BytesIO(samples.pdf("a")), name="a.pdf")
    Inspection.objects.all().delete()
    assert inspections_wait()
    inspect_waiting()
    assert not inspections_wait()

    monkeypatch.setattr(inspect, "VERSION", inspect.VERSION + 1)

    assert inspections_wait()
    assert queries.inspection(stored.pk).waiting


def test_strangers_names_are_kept_as_every_database_takes_them() -> None:
    facts, _ = facts_of([{"entry": "a\ud800\0.pdf", "broken": "\ud800"}], "zip", date(2026, 1, 1))

    assert facts == {"files": [{"name": "a?.pdf", "broken": "?"}]}
