"""What happens to files beside the requests."""

from datetime import timedelta

from gongmo.files import commands
from gongmo.files.commands.destroy import remove_destroyed
from gongmo.files.models import Upload, UploadState
from gongmo.kernel.errors import NotFound
from gongmo.tasks import LAST, schedule, task


@task(
    name="files.settle",
    ko="올라온 큰 파일의 해시를 세고 보관합니다.",
    en="Counts the hash of a large upload and keeps it.",
)
def settle_upload(*, upload_id: str) -> None:
    """Check a large upload; nothing to do where it was dropped meanwhile."""
    try:
        commands.settle_upload(upload_id=upload_id)
    except (Upload.DoesNotExist, NotFound):
        return


@task(
    name="files.destroy",
    ko="보관 기간이 지난 파일을 지웁니다",
    en="Destroys a file whose time is over",
    retries=12,
)
def destroy(*, sha256: str) -> None:
    """The content of a destroyed file and what was derived from it."""
    remove_destroyed(sha256)


@task(
    name="files.inspect",
    ko="새로 들어온 파일의 내용을 살핍니다(쪽수, 암호, 주민등록번호).",
    en="Looks into new files: pages, passwords, resident numbers.",
    time_limit=timedelta(hours=1),
    priority=LAST,
)
def inspect_waiting() -> None:
    """Look into what waits; when much does, go on in another run, so that other tasks get their turn."""
    # Where none could be looked into, the storage is away: what waits is taken up later.
    if commands.inspect_waiting(most=120, seconds=30) and commands.inspections_wait():
        inspect_waiting.enqueue(key="files.inspect", again=True)
    if commands.scans_wait():
        scan_waiting.enqueue(key="files.scan", again=True)


@task(
    name="files.scan",
    ko="새로 들어온 파일을 바이러스 검사기에 보입니다.",
    en="Shows new files to the virus scanner.",
    time_limit=timedelta(hours=1),
)
def scan_waiting() -> None:
    """Show the scanner what it has not seen."""
    commands.scan_waiting()


@schedule(
    name="files.catch_up",
    every=timedelta(minutes=5),
    ko="살피지 못한 파일과 검사기가 답하지 않은 파일을 다시 챙깁니다.",
    en="Takes up files that were not looked into, or that the scanner could not say about.",
)
def catch_up() -> None:
    """Whatever an enqueue missed, or a scanner that was away."""
    if commands.inspections_wait():
        inspect_waiting.enqueue(key="files.inspect", again=True)
    if commands.scans_wait():
        scan_waiting.enqueue(key="files.scan", again=True)
    # Large uploads whose tries were used up while the storage was away.
    for pk in Upload.objects.filter(state=UploadState.CHECKING).values_list("pk", flat=True)[:500]:
        settle_upload.enqueue(key=f"settle:{pk}", upload_id=pk)


@schedule(
    name="files.sweep",
    every=timedelta(hours=6),
    ko="끝내 올라오지 않은 파일과 아무도 쓰지 않는 내용을 지웁니다.",
    en="Removes uploads that were given up and content that nothing refers to.",
)
def sweep() -> None:
    """Make room."""
    commands.sweep()


@task(
    name="files.convert",
    ko="미리보기를 위해 문서를 PDF로 바꿉니다.",
    en="Makes a PDF of a document for its preview.",
    retries=1,
)
def convert(*, sha256: str) -> None:
    """Asked for when somebody opens the preview."""
    commands.convert(sha256=sha256)
