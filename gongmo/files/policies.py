"""Who may send files. Who may see a stored file is decided by the floor whose document it is."""

from gongmo.files.models import Upload
from gongmo.kernel.actor import Actor
from gongmo.kernel.policy import policy


@policy(
    "files.upload",
    ko="로그인한 사람이 파일을 올릴 수 있습니다. 다시 로그인하면 이어서 올릴 수 있습니다.",
    en="Signed-in people may upload files. Sign in again to go on with an upload.",
)
def may_upload(actor: Actor) -> bool:
    return actor.person is not None


@policy(
    "files.own_upload",
    ko="올리기 시작한 사람만 그 파일을 이어 올리거나 지울 수 있습니다.",
    en="Only the person who began an upload may go on with it or drop it.",
)
def may_handle(actor: Actor, upload: Upload) -> bool:
    return actor.person is not None and actor.person == upload.person
