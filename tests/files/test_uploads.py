"""Uploads in pieces: nothing acknowledged is lost, nobody reaches another's, and what is unfit is told."""

import base64
import hashlib
import io
import threading
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, connections
from django.test import Client

from gongmo.files import commands, places
from gongmo.files.commands import uploads
from gongmo.files.models import StoredFile, Upload, UploadState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.parties.models import Person
from tests.files import samples

ANN = Actor(role=Role.APPLICANT, person=1)
BEN = Actor(role=Role.APPLICANT, person=2)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.GONGMO_FILES = tmp_path / "files"


def begin(content: bytes = samples.PDF, name: str = "계획서.pdf", **more: Any) -> Upload:
    return commands.create_upload(actor=ANN, name=name, size=len(content), **more)


def send(upload: Upload, content: bytes, offset: int = 0, actor: Actor = ANN) -> Upload:
    return commands.append(actor=actor, upload_id=upload.pk, offset=offset, stream=io.BytesIO(content))


@pytest.mark.django_db
class TestCommands:
    def test_pieces_become_a_stored_file(self) -> None:
        upload = begin(purpose="plan")

        send(upload, samples.PDF[:20])
        send(upload, samples.PDF[20:], 20)
        stored = commands.take_upload(actor=ANN, upload_id=upload.pk, purpose="plan")

        assert stored.sha256 == hashlib.sha256(samples.PDF).hexdigest()
        assert places.path_of(stored.sha256).read_bytes() == samples.PDF
        assert not places.partial(upload.pk).exists()

    def test_an_upload_may_be_taken_again_when_a_form_was_refused(self) -> None:
        upload = begin()
        send(upload, samples.PDF)

        first, second = (commands.take_upload(actor=ANN, upload_id=upload.pk) for _ in range(2))

        assert first == second

    def test_a_line_that_breaks_keeps_what_had_come(self) -> None:
        class Broken(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                if not (piece := super().read(7)):
                    raise OSError("gone")
                return piece

        upload = begin()
        at = commands.append(actor=ANN, upload_id=upload.pk, offset=0, stream=Broken(samples.PDF[:30])).offset

        assert at == 30
        send(upload, samples.PDF[30:], 30)
        assert commands.take_upload(actor=ANN, upload_id=upload.pk).size == len(samples.PDF)

    def test_bytes_that_were_written_but_not_counted_before_a_crash_are_overwritten(self) -> None:
        upload = begin()
        send(upload, samples.PDF[:20])
        with places.partial(upload.pk).open("ab") as handle:
            handle.write(b"never counted, and longer than the rest of the file is: " * 3)

        send(upload, samples.PDF[20:], 20)

        assert commands.take_upload(actor=ANN, upload_id=upload.pk).size == len(samples.PDF)

    def test_bytes_that_the_disk_lost_are_asked_for_again(self) -> None:
        upload = begin()
        send(upload, samples.PDF[:40])
        with places.partial(upload.pk).open("r+b") as handle:
            handle.truncate(10)

        with pytest.raises(Refused) as told:
            send(upload, samples.PDF[40:], 40)
        assert (told.value.code, told.value.details["offset"]) == ("upload_offset", 10)

        send(upload, samples.PDF[10:], 10)
        assert commands.take_upload(actor=ANN, upload_id=upload.pk).size == len(samples.PDF)

    def test_a_server_killed_between_the_move_and_the_row_goes_on_where_it_stopped(self) -> None:
        upload = begin()
        send(upload, samples.PDF)
        sha256 = hashlib.sha256(samples.PDF).hexdigest()
        Upload.objects.update(sha256=sha256)
        places.settle(places.partial(upload.pk), sha256, len(samples.PDF))

        assert commands.take_upload(actor=ANN, upload_id=upload.pk).sha256 == sha256

    @pytest.mark.parametrize("offset", [0, 5, 21])
    def test_a_piece_at_another_place_is_refused_with_the_right_one(self, offset: int) -> None:
        upload = begin()
        send(upload, samples.PDF[:20])

        with pytest.raises(Refused) as told:
            send(upload, b"x", offset)

        assert (told.value.code, told.value.details["offset"]) == ("upload_offset", 20)

    def test_what_was_altered_on_its_way_is_dropped_and_told(self) -> None:
        upload = begin()
        send(upload, samples.PDF)

        with pytest.raises(BadInput) as told:
            commands.finish_upload(actor=ANN, upload_id=upload.pk, sha256="0" * 64)

        assert told.value.code == "upload_altered"
        assert not places.partial(upload.pk).exists()
        assert StoredFile.objects.count() == 0
        with pytest.raises(BadInput, match="upload_altered"):
            commands.take_upload(actor=ANN, upload_id=upload.pk)

    def test_an_incomplete_upload_is_not_taken(self) -> None:
        upload = begin()
        send(upload, samples.PDF[:20])

        with pytest.raises(Refused) as told:
            commands.take_upload(actor=ANN, upload_id=upload.pk)
        assert told.value.code == "upload_incomplete"

    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            (samples.EXE, "계획서.pdf", "file_type_unknown"),
            (samples.PDF[:30], "계획서.pdf", "file_broken"),
            (samples.archive({"a": b"\0" * 70_000_000}, compress=True), "자료.zip", "file_archive_unsafe"),
            (samples.PDF, "발표.pptx", "file_type_mismatch"),
        ],
    )
    def test_unfit_files_are_refused_and_their_bytes_dropped(
        self, content: bytes, name: str, code: str
    ) -> None:
        upload = begin(content, name)
        send(upload, content)

        with pytest.raises(BadInput) as told:
            commands.finish_upload(actor=ANN, upload_id=upload.pk)

        assert told.value.code == code
        assert list(places.partials().iterdir()) == []

    def test_nothing_is_begun_that_could_not_be_kept(self, settings: LazySettings) -> None:
        settings.GONGMO_FILE_LIMIT, settings.GONGMO_UPLOAD_QUOTA = 1000, 1500

        for size, code in ((0, "file_empty"), (-5, "file_empty"), (3 * 1024**3, "file_too_large")):
            with pytest.raises(BadInput) as told:
                commands.create_upload(actor=ANN, name="a.pdf", size=size)
            assert told.value.code == code
        commands.create_upload(actor=ANN, name="a.pdf", size=1000)
        with pytest.raises(Refused) as refused:
            commands.create_upload(actor=ANN, name="b.pdf", size=501)
        assert refused.value.code == "upload_quota"
        commands.create_upload(actor=BEN, name="b.pdf", size=501)

    def test_a_disk_without_room_is_told_before_anything_is_sent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads, "ROOM", 2**62)

        with pytest.raises(Refused) as told:
            begin()

        assert told.value.code == "storage_full"
        assert Upload.objects.count() == 0

    def test_uploads_belong_to_who_began_them_and_to_what_they_are_for(self) -> None:
        upload = begin(purpose="plan")
        send(upload, samples.PDF)

        for act in (
            lambda: send(upload, b"x", actor=BEN),
            lambda: commands.finish_upload(actor=BEN, upload_id=upload.pk),
            lambda: commands.take_upload(actor=BEN, upload_id=upload.pk),
            lambda: commands.discard_upload(actor=BEN, upload_id=upload.pk),
            lambda: commands.take_upload(actor=ANN, upload_id=upload.pk, purpose="other"),
            lambda: commands.take_upload(actor=ANN, upload_id="../../etc/passwd"),
        ):
            with pytest.raises(NotFound):
                act()
        with pytest.raises(NotAllowed):
            commands.create_upload(actor=Actor(role=Role.PUBLIC), name="a.pdf", size=5)

    def test_an_expired_upload_is_gone(self) -> None:
        upload = begin()

        with clock.at(clock.now() + timedelta(hours=73)), pytest.raises(NotFound):
            send(upload, samples.PDF)

    def test_names_are_kept_safe_and_composed(self) -> None:
        given = "../<b>" + unicodedata.normalize("NFD", "계획") + "\u202efdp.pdf"

        assert begin(name=given).name == "_b_계획fdp.pdf"

    def test_a_large_file_is_checked_beside_the_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from gongmo.tasks import run_waiting

        monkeypatch.setattr(uploads, "SMALL", 10)
        upload = begin()
        send(upload, samples.PDF)

        assert commands.finish_upload(actor=ANN, upload_id=upload.pk).state == UploadState.CHECKING
        with pytest.raises(Refused) as told:
            commands.take_upload(actor=ANN, upload_id=upload.pk)
        assert told.value.code == "upload_checking"
        run_waiting()
        assert commands.take_upload(actor=ANN, upload_id=upload.pk).extension == "pdf"

    def test_a_dropped_upload_leaves_nothing(self) -> None:
        upload = begin()
        send(upload, samples.PDF[:9])

        commands.discard_upload(actor=ANN, upload_id=upload.pk)

        assert list(places.partials().iterdir()) == []
        with pytest.raises(NotFound):
            send(upload, samples.PDF[9:], 9)

    def test_a_stored_upload_that_is_dropped_is_gone_but_still_counts_and_is_swept(
        self, settings: LazySettings
    ) -> None:
        settings.GONGMO_UPLOAD_QUOTA = len(samples.PDF)
        for _ in range(uploads.FINISHED):
            upload = begin()
            send(upload, samples.PDF)
            commands.finish_upload(actor=ANN, upload_id=upload.pk)
            commands.discard_upload(actor=ANN, upload_id=upload.pk)
            with pytest.raises(NotFound):
                commands.take_upload(actor=ANN, upload_id=upload.pk)

        with pytest.raises(Refused) as told:
            begin()

        assert told.value.code == "upload_quota"
        with clock.at(clock.now() + timedelta(days=30)):
            commands.sweep()
        assert not Upload.objects.exists()
        begin()


@pytest.mark.django_db(transaction=True)
def test_of_two_senders_of_one_piece_one_goes_on_and_no_byte_is_doubled() -> None:
    content = samples.PDF[:-6] + b"% " + b"x" * 300_000 + b"\n%%EOF\n"
    upload = begin(content)
    start = threading.Barrier(4)
    told: list[str] = []

    def work() -> None:
        try:
            start.wait()
            send(upload, content)
            told.append("sent")
        except Refused as refused:
            told.append(refused.code)
        finally:
            connections[connection.alias].close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert told.count("sent") == 1, told
    assert set(told) <= {"sent", "upload_offset"}
    assert commands.take_upload(actor=ANN, upload_id=upload.pk).size == len(content)


@pytest.mark.django_db(transaction=True)
def test_of_many_begun_at_once_only_those_within_the_quota_are_begun(settings: LazySettings) -> None:
    settings.GONGMO_FILE_LIMIT, settings.GONGMO_UPLOAD_QUOTA = 100, 300
    start = threading.Barrier(8)
    told: list[str] = []

    def work() -> None:
        try:
            start.wait()
            commands.create_upload(actor=ANN, name="a.zip", size=100)
            told.append("begun")
        except Refused as refused:
            told.append(refused.code)
        finally:
            connections[connection.alias].close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(told) == ["begun"] * 3 + ["upload_quota"] * 5
    assert Upload.objects.count() == 3
    assert len(list(places.partials().iterdir())) == 3


TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
BYTES = "application/offset+octet-stream"


def metadata(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


@pytest.fixture
def sender(client: Client, db: None) -> Client:
    client.force_login(Person.objects.create_user(email="a@example.org", password=None))
    return client


def post(client: Client, size: int = len(samples.PDF), **more: Any) -> Any:
    told = metadata(filename="계획서.pdf", purpose="plan")
    return client.post(
        "/uploads/",
        **{
            "content_type": "application/octet-stream",
            **TUS,
            "HTTP_UPLOAD_LENGTH": str(size),
            "HTTP_UPLOAD_METADATA": told,
            **more,
        },
    )


def patch(client: Client, place: str, content: bytes, offset: int | str = 0, **more: Any) -> Any:
    return client.patch(
        place, content, **{"content_type": BYTES, **TUS, "HTTP_UPLOAD_OFFSET": str(offset), **more}
    )


@pytest.mark.urls("tests.files.urls")
class TestProtocol:
    def test_options_say_what_is_spoken(self, sender: Client) -> None:
        answer = sender.options("/uploads/")

        assert answer.status_code == 204
        assert answer["Tus-Version"] == "1.0.0"
        assert "termination" in answer["Tus-Extension"]
        assert int(answer["Tus-Max-Size"]) == commands.limit_of()

    def test_a_file_goes_up_in_pieces_and_can_be_asked_for(self, sender: Client) -> None:
        made = post(sender)
        place = made["Location"]
        first = patch(sender, place, samples.PDF[:25])
        head = sender.head(place, **TUS)
        last = patch(sender, place, samples.PDF[25:], 25)
        done = sender.post(f"{place}finish/", {"sha256": hashlib.sha256(samples.PDF).hexdigest()})

        assert (made.status_code, first.status_code, last.status_code) == (201, 204, 204)
        assert made["Upload-Expires"].endswith("GMT")
        assert (head["Upload-Offset"], head["Upload-Length"]) == ("25", str(len(samples.PDF)))
        assert "no-store" in head["Cache-Control"]
        assert last["Upload-Offset"] == str(len(samples.PDF))
        assert done.json()["state"] == "stored"
        assert sender.get(place).json()["sha256"] == hashlib.sha256(samples.PDF).hexdigest()

    def test_a_small_file_goes_up_with_its_creation(self, sender: Client) -> None:
        made = sender.generic(
            "POST",
            "/uploads/",
            samples.PDF,
            content_type=BYTES,
            **TUS,
            HTTP_UPLOAD_LENGTH=str(len(samples.PDF)),
        )

        assert (made.status_code, made["Upload-Offset"]) == (201, str(len(samples.PDF)))

    def test_unfinished_uploads_are_listed_for_their_purpose(self, sender: Client) -> None:
        place = post(sender)["Location"]
        patch(sender, place, samples.PDF[:25])

        listed = sender.get("/uploads/?purpose=plan").json()["uploads"]

        assert [(each["name"], each["offset"]) for each in listed] == [("계획서.pdf", 25)]
        assert sender.get("/uploads/?purpose=other").json()["uploads"] == []

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"HTTP_TUS_RESUMABLE": "0.2.2"}, 412),
            ({"HTTP_UPLOAD_LENGTH": "many"}, 400),
            ({"HTTP_UPLOAD_LENGTH": "-1"}, 400),
            ({"HTTP_UPLOAD_LENGTH": "0"}, 422),
            ({"HTTP_UPLOAD_LENGTH": str(3 * 1024**3)}, 413),
            ({"HTTP_UPLOAD_LENGTH": "9" * 40}, 400),
            ({"HTTP_UPLOAD_METADATA": "filename ???"}, 400),
        ],
    )
    def test_creations_that_cannot_be(self, sender: Client, change: dict[str, str], status: int) -> None:
        answer = post(sender, **change)

        assert answer.status_code == status
        assert answer.json()["message"]
        assert Upload.objects.count() == 0

    @pytest.mark.parametrize(
        ("offset", "content", "change", "status"),
        [
            (5, b"x", {}, 409),
            ("no", b"x", {}, 400),
            (0, b"x" * 999, {}, 413),
            (0, b"x", {"content_type": "text/plain"}, 415),
            (0, b"x", {"HTTP_TUS_RESUMABLE": "2"}, 412),
            (0, b"x", {"HTTP_UPLOAD_CHECKSUM": "sha256 AAAA"}, 460),
            (0, b"x", {"HTTP_UPLOAD_CHECKSUM": "crc32 AAAA"}, 400),
        ],
    )
    def test_pieces_that_cannot_be(
        self, sender: Client, offset: Any, content: bytes, change: dict[str, str], status: int
    ) -> None:
        place = post(sender)["Location"]

        answer = patch(sender, place, content, offset, **change)

        assert answer.status_code == status
        assert sender.head(place, **TUS)["Upload-Offset"] == "0"

    def test_a_piece_with_its_right_checksum_is_taken(self, sender: Client) -> None:
        place = post(sender)["Location"]
        told = base64.b64encode(hashlib.sha256(samples.PDF).digest()).decode()

        assert patch(sender, place, samples.PDF, HTTP_UPLOAD_CHECKSUM=f"sha256 {told}").status_code == 204

    def test_a_refusal_is_told_in_words(self, sender: Client) -> None:
        place = post(sender, size=len(samples.EXE))["Location"]
        patch(sender, place, samples.EXE)

        answer = sender.post(f"{place}finish/")

        assert (answer.status_code, answer.json()["code"]) == (422, "file_type_unknown")
        assert "형식" in answer.json()["message"]
        assert sender.get(place).json()["state"] == "refused"

    def test_others_and_visitors_learn_nothing(self, sender: Client) -> None:
        place = post(sender)["Location"]
        other = Client()
        other.force_login(Person.objects.create_user(email="b@example.org", password=None))
        gone = place.replace(place.split("/")[2], "A" * 32)

        for method in ("head", "get", "delete"):
            there, none = (getattr(other, method)(each, **TUS) for each in (place, gone))
            assert (there.status_code, there.content) == (none.status_code, none.content)
            assert there.status_code == 404
        assert patch(other, place, b"x").status_code == 404
        assert post(Client()).status_code == 403

    def test_dropping_an_upload(self, sender: Client) -> None:
        place = post(sender)["Location"]

        assert sender.delete(place, **TUS).status_code == 204
        assert sender.head(place, **TUS).status_code == 404

    def test_a_method_may_be_told_in_a_header_where_a_proxy_lets_only_posts_through(
        self, sender: Client
    ) -> None:
        place = post(sender)["Location"]

        answer = sender.post(
            place,
            samples.PDF,
            content_type=BYTES,
            **TUS,
            HTTP_UPLOAD_OFFSET="0",
            HTTP_X_HTTP_METHOD_OVERRIDE="PATCH",
        )

        assert answer.status_code == 204

    def test_pieces_need_the_page_s_token(self, sender: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = sender.cookies

        assert post(strict).status_code == 403
