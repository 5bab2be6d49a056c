"""Files in an S3-compatible storage: the same door, in pieces, shared by every process; a storage that fails loses nothing."""

import hashlib
import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.conf import LazySettings
from django.http import HttpRequest
from django.test import RequestFactory
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongmo.files import address, commands, queries, showing, storage, tasks
from gongmo.files.commands import inspect_waiting, uploads
from gongmo.files.invariants import content_is_kept, counted_bytes_are_there
from gongmo.files.models import Inspection, Piece, StoredFile, Upload, UploadState
from gongmo.files.responses import send
from gongmo.files.storage import bucket as bucket_module
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound, Refused
from gongmo.tasks import run_waiting
from tests.files import samples
from tests.files.bucket_server import FAILING, misbehaving, new_bucket

ANN = Actor(role=Role.APPLICANT, person=1)


@pytest.fixture(autouse=True)
def own_bucket(tmp_path: Path, settings: LazySettings) -> str:
    settings.GONGMO_FILES = tmp_path / "files"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.GONGMO_CONVERTER = "none"
    settings.GONGMO_FILES_URL = new_bucket("공모 사업/첨부")
    return str(settings.GONGMO_FILES_URL)


def keys(prefix: str = "") -> list[str]:
    return sorted(item.key for item in storage.current().listed(prefix))


def asking(**headers: str) -> HttpRequest:
    return RequestFactory().get("/file/", headers=headers)


def content(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def begun(size: int, name: str = "사업계획서.pdf") -> Upload:
    return commands.create_upload(actor=ANN, name=name, size=size)


def sent(upload: Upload, part: bytes, offset: int = 0) -> Upload:
    return commands.append(actor=ANN, upload_id=upload.pk, offset=offset, stream=io.BytesIO(part))


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_module, "CONNECT", 0.1)
    monkeypatch.setattr(bucket_module, "ANSWER", 0.1)
    monkeypatch.setattr(bucket_module, "ATTEMPTS", 1)


@pytest.mark.django_db
class TestFiles:
    def test_a_file_is_kept_once_and_streamed_whole_or_in_parts_under_its_korean_name(self) -> None:
        stored = commands.store(stream=io.BytesIO(samples.PDF), name="사업계획서 최종.pdf")
        assert commands.store(stream=io.BytesIO(samples.PDF), name="사본.pdf") == stored

        whole = send(stored, "사업계획서 최종.pdf", request=asking())
        part = send(stored, "a.pdf", request=asking(range="bytes=5-14"))

        assert keys() == [storage.content(stored.sha256)]
        assert content(whole) == samples.PDF
        assert whole["Content-Length"] == str(len(samples.PDF))
        assert "%EC%82%AC%EC%97%85" in whole["Content-Disposition"]
        assert (part.status_code, content(part)) == (206, samples.PDF[5:15])
        assert list(content_is_kept()) == []

    def test_altered_and_missing_content_is_found(self, tmp_path: Path) -> None:
        stored = commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")
        other = tmp_path / "other"
        other.write_bytes(samples.PDF[:-1] + b"!")

        storage.current().keep(other, storage.content(stored.sha256))
        assert [each.observed[:7] for each in content_is_kept()] == ["content"]
        storage.current().remove(storage.content(stored.sha256))
        assert [each.observed for each in content_is_kept()] == ["missing"]
        with pytest.raises(NotFound):
            queries.open_file(stored.sha256)

    def test_a_large_file_goes_in_parts_and_never_whole_through_memory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        size = 20 * 1024**2
        draft = tmp_path / "large"
        with draft.open("wb") as handle:
            handle.truncate(size)
        place = storage.current()
        asked: list[str] = []
        place._client(place.address.endpoint).meta.events.register(  # type: ignore[attr-defined]
            "before-call.s3", lambda model, **_: asked.append(model.name)
        )
        # Only what this thread holds of it counts; the storage lives in this process, too.
        parts: list[int] = []
        monkeypatch.setattr(bucket_module, "CHUNK", 1024 * 1024)

        place.keep(draft, "large")
        with place.open("large") as kept:
            while piece := kept.read(1024 * 1024):
                parts.append(len(piece))

        assert asked.count("UploadPart") == 3
        assert "PutObject" not in asked
        assert (sum(parts), max(parts)) == (size, 1024 * 1024)

    def test_inspection_and_preview_read_a_private_copy_that_is_gone_afterwards(self, tmp_path: Path) -> None:
        stored = commands.store(stream=io.BytesIO(samples.pdf("연구 목표")), name="a.pdf")

        assert inspect_waiting() == 1

        assert Inspection.objects.get().state == "done"
        assert queries.text_of(stored.sha256)
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
        assert showing.preview(stored, "a.pdf", "/file/")["kind"] == "pdf"

    def test_a_signed_address_leads_to_a_large_download_only_where_it_is_wanted_and_for_a_while(
        self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stored = commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")
        monkeypatch.setattr("gongmo.files.responses.SIGNED_FROM", 10)
        assert send(stored, "계획.pdf", request=asking()).status_code == 200

        settings.GONGMO_FILES_SIGNED = 60
        answer = send(stored, "계획.pdf", request=asking())

        assert answer.status_code == 302
        assert "X-Amz-Expires=60" in answer["Location"]
        with urlopen(Request(answer["Location"], headers={"Range": "bytes=0-3"}), timeout=10) as found:
            assert found.read() == samples.PDF[:4]
            assert "%EA%B3%84%ED%9A%8D.pdf" in found.headers["Content-Disposition"]
        assert send(stored, "계획.pdf", inline=True, request=asking()).status_code == 200
        Inspection.objects.create(file=stored, scan="found")
        with pytest.raises(Refused):
            send(stored, "계획.pdf", request=asking())

    def test_what_has_no_row_is_swept_when_the_grace_is_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stored = commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")
        StoredFile.objects.all().delete()
        upload = begun(50)
        sent(upload, b"x" * 20)
        uncounted = f"partial/{upload.pk}/{20:015d}.0123456789abcdef"
        storage.current()._client(storage.current().address.endpoint).put_object(  # type: ignore[attr-defined]
            Bucket=storage.current().address.bucket,  # type: ignore[attr-defined]
            Key=storage.current()._key(uncounted),  # type: ignore[attr-defined]
            Body=b"y",
        )

        assert commands.sweep().contents == 0
        late = time.time() + 25 * 3600
        monkeypatch.setattr(time, "time", lambda: late)
        swept = commands.sweep()

        assert (swept.contents, swept.drafts) == (1, 1)
        assert keys() == []
        assert keys("partial/") == [Piece.objects.get().key]
        assert stored.sha256 not in keys()


@pytest.mark.django_db
class TestUploads:
    def test_pieces_of_an_upload_are_shared_by_every_machine(
        self, tmp_path: Path, settings: LazySettings
    ) -> None:
        upload = begun(len(samples.PDF))

        for number, (start, end) in enumerate([(0, 10), (10, 20), (20, len(samples.PDF))]):
            # Another machine: nothing of the first one's disk is there.
            settings.GONGMO_FILES = tmp_path / f"machine{number}"
            sent(upload, samples.PDF[start:end], start)
        assert list(counted_bytes_are_there()) == []
        settings.GONGMO_FILES = tmp_path / "machine9"
        stored = commands.take_upload(actor=ANN, upload_id=upload.pk)

        assert stored.sha256 == hashlib.sha256(samples.PDF).hexdigest()
        assert keys("partial/") == []
        assert keys() == [storage.content(stored.sha256)]
        assert not Piece.objects.exists()

    def test_of_two_senders_of_one_place_the_first_counts_and_nothing_of_the_other_stays(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload = begun(len(samples.PDF))
        place = storage.current()
        written = Piece.key.fget  # type: ignore[attr-defined]
        monkeypatch.setattr(bucket_module.secrets, "token_hex", lambda _: "f" * 16)
        first = [True]

        def interrupted(piece: Piece) -> str:
            if first:
                first.clear()
                monkeypatch.undo()
                sent(upload, samples.PDF)
            return str(written(piece))

        monkeypatch.setattr(Piece, "key", property(interrupted))
        with pytest.raises(Refused) as told:
            sent(upload, b"0" * 30)

        assert told.value.details["offset"] == len(samples.PDF)
        assert len(keys("partial/")) == 1
        assert commands.take_upload(actor=ANN, upload_id=upload.pk).size == len(samples.PDF)
        assert place.held(upload.pk) == 0

    def test_a_server_killed_between_the_content_and_its_row_goes_on_where_it_stopped(self) -> None:
        upload = begun(len(samples.PDF))
        sent(upload, samples.PDF)
        sha256 = hashlib.sha256(samples.PDF).hexdigest()
        Upload.objects.update(sha256=sha256)
        with storage.current().gathered(upload.pk) as path:
            storage.current().keep(path, storage.content(sha256))
        storage.current().drop(upload.pk)

        assert commands.take_upload(actor=ANN, upload_id=upload.pk).sha256 == sha256

    @pytest.mark.parametrize("answer", [FAILING, None], ids=["500", "silence"])
    def test_a_storage_that_fails_is_told_in_words_and_the_upload_goes_on_later(
        self, answer: bytes | None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, own_bucket: str
    ) -> None:
        upload = begun(len(samples.PDF))
        sent(upload, samples.PDF[:20])
        other = begun(20)
        quick(monkeypatch)

        with misbehaving(answer=answer) as away:
            settings.GONGMO_FILES_URL = away
            for act in (
                lambda: sent(upload, samples.PDF[20:], 20),
                lambda: commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf"),
            ):
                with pytest.raises(Refused) as told:
                    act()
                assert told.value.code == "storage_away"
                assert "그대로 있습니다" in told.value.ko
            # What only tidies up must not fail for it.
            commands.discard_upload(actor=ANN, upload_id=other.pk)
            with pytest.raises(OSError, match=r"127\.0\.0\.1"):
                storage.current().check()
        settings.GONGMO_FILES_URL = own_bucket

        assert Upload.objects.get(pk=upload.pk).offset == 20
        sent(upload, samples.PDF[20:], 20)
        assert commands.take_upload(actor=ANN, upload_id=upload.pk).size == len(samples.PDF)

    def test_a_large_upload_waits_for_a_storage_that_is_away(
        self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, own_bucket: str
    ) -> None:
        monkeypatch.setattr(uploads, "SMALL", 10)
        upload = begun(len(samples.PDF))
        sent(upload, samples.PDF)
        commands.finish_upload(actor=ANN, upload_id=upload.pk)
        quick(monkeypatch)

        with misbehaving(answer=FAILING) as away:
            settings.GONGMO_FILES_URL = away
            with pytest.raises(Refused):
                commands.settle_upload(upload_id=upload.pk)
        settings.GONGMO_FILES_URL = own_bucket
        # The queue has used up its tries meanwhile.
        DBTaskResult.objects.update(status=TaskResultStatus.FAILED)

        tasks.catch_up.func()
        run_waiting()

        assert Upload.objects.get().state == UploadState.STORED


@pytest.mark.django_db
def test_a_storage_that_is_away_spoils_no_inspection_and_no_page(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = commands.store(stream=io.BytesIO(samples.PDF), name="a.pdf")
    quick(monkeypatch)

    with misbehaving(answer=None) as away:
        settings.GONGMO_FILES_URL = away
        for _ in range(4):
            assert inspect_waiting() == 0
        assert showing.preview(stored, "a.pdf", "/file/")["pages"] == []
        with pytest.raises(Refused) as told:
            send(stored, "a.pdf", request=asking())

    assert told.value.code == "storage_away"
    assert (Inspection.objects.get().state, Inspection.objects.get().attempts) == ("waiting", 0)


def test_first_requests_at_once_share_one_client_and_one_description_of_the_storage() -> None:
    url = "s3://key:secret@127.0.0.1:1/of-many?tls=0"
    begin = threading.Barrier(8)

    def ask(_: int) -> Any:
        begin.wait()
        place = storage.storage_at(url)
        return place._client(place.address.endpoint)  # type: ignore[attr-defined]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))
    other = storage.storage_at("s3://key:secret@127.0.0.1:2/other?tls=0")

    assert len({id(each) for each in found}) == 1
    mine, others = found[0].meta.service_model, other._client("http://127.0.0.1:2").meta.service_model  # type: ignore[attr-defined]
    assert mine.metadata is others.metadata


def test_a_hanging_storage_is_left_alone_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    with misbehaving(answer=None) as away:
        place = storage.storage_at(away)
        with pytest.raises(storage.StorageAway, match="ReadTimeout"):
            place.size("a")
        with pytest.raises(storage.StorageAway, match="a moment ago"):
            place.size("a")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://host", "bucket"),
        ("s3://key@host/bucket", "belong together"),
        ("s3://host/bucket?regoin=a", "regoin"),
        ("s3://host/bucket?style=odd", "style"),
        ("http://host/bucket", "s3://"),
        ("file://host/folder", "file:///"),
    ],
)
def test_an_address_that_is_none_is_told(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        address.read(url)


def test_an_address_keeps_its_secrets_out_of_messages() -> None:
    found = address.read("s3://k%2Fey:s%40cret@[::1]:9000/bucket/%EA%B3%B5%EB%AA%A8?tls=0&style=virtual")

    assert isinstance(found, address.Address)
    assert (found.key, found.secret, found.virtual) == ("k/ey", "s@cret", True)
    assert str(found) == "http://[::1]:9000/bucket/공모"
    assert address.read("file:///srv/%EA%B3%B5%EB%AA%A8") == address.read("/srv/공모") == "/srv/공모"
