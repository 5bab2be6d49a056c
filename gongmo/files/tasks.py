"""What happens to files beside the requests."""

from gongmo.files import commands
from gongmo.files.models import Upload
from gongmo.kernel.errors import NotFound
from gongmo.tasks import task


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
