"""The seal: an unchanged file holds, a changed one does not, and signatures may be added to it and nothing else."""

import io
import json
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from asn1crypto import keys
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gongmo.awards.sealing import (
    FIELD,
    Seal,
    Unreadable,
    certificates,
    check_pdf,
    first_part,
    make_seal,
    seal_pdf,
    self_made,
)
from gongmo.cli.main import main
from gongmo.papers import Attachment, Paper, Paragraph, to_pdf


@pytest.fixture(scope="module")
def seal() -> Seal:
    return make_seal("가상 전담기관 봉인")


@pytest.fixture(scope="module")
def sealed(seal: Seal) -> bytes:
    said = {
        "signatures": [
            {
                "at": "2030-05-01T00:00:00Z",
                "organisation_name": "가상 기관",
                "title": "원장",
                "name": "김담당",
            }
        ]
    }
    paper = Paper(
        title="협약서",
        at=datetime(2030, 5, 1, tzinfo=UTC),
        blocks=(Paragraph("협약의 내용"),),
        attachments=(Attachment("signatures.json", json.dumps(said), "application/json", "서명"),),
    )
    return seal_pdf(to_pdf(paper), seal, reason="당사자 모두가 서명했습니다.", name="가상 전담기관")


def signed_elsewhere(content: bytes, name: str = "가상 기관 인증서") -> bytes:
    """As a party's own program signs: another signature as an incremental update."""
    own = make_seal(name)
    der = serialization.load_pem_private_key(own.key, None).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(
        signing_cert=certificates(own.chain)[0],
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),
    )
    told = signers.PdfSignatureMetadata(field_name="Own", subfilter=fields.SigSeedSubFilter.PADES)
    out = io.BytesIO()
    signers.PdfSigner(told, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), output=out)
    return out.getvalue()


def test_a_seal_holds_and_is_trusted_only_by_its_own_certificate(seal: Seal, sealed: bytes):
    (known,) = check_pdf(sealed, certificates(seal.chain))
    (stranger,) = check_pdf(sealed, certificates(make_seal("다른 봉인").chain))

    assert (known.field, known.signer, known.holds, known.trusted) == (
        FIELD,
        "가상 전담기관 봉인",
        True,
        True,
    )
    assert (stranger.holds, stranger.trusted) == (True, False)


def test_a_changed_letter_breaks_it(sealed: bytes):
    place = sealed.index(b"/MediaBox") + 12
    changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]

    assert not any(each.holds for each in check_pdf(changed))


def test_something_behind_the_signature_breaks_it(sealed: bytes):
    assert not check_pdf(sealed + b"\n% added\n")[0].holds


def test_a_party_may_add_its_own_signature(seal: Seal, sealed: bytes):
    both = signed_elsewhere(sealed)
    found = check_pdf(both, certificates(seal.chain))

    assert [(each.field, each.holds, each.trusted) for each in found] == [
        (FIELD, True, True),
        ("Own", True, False),
    ]
    assert first_part(both, sealed)
    assert not first_part(sealed, sealed)


@pytest.mark.parametrize("content", [b"", b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_said_to_be_unreadable(content: bytes):
    with pytest.raises(Unreadable):
        check_pdf(content)


def test_a_rehearsals_seal_is_made_once_and_kept_from_others(tmp_path: Path):
    first, again = self_made(tmp_path / "seal"), self_made(tmp_path / "seal")

    assert first == again
    assert (tmp_path / "seal" / "seal-key.pem").stat().st_mode & 0o077 == 0


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_processes_that_make_a_rehearsals_seal_at_once_agree_on_one(tmp_path: Path):
    folders = [tmp_path / str(number) for number in range(20) for _ in range(4)]

    with get_context("fork").Pool(4) as processes:
        found = processes.map(self_made, folders, chunksize=1)

    assert len(set(found)) == 20
    assert len({each.key for each in found}) == len({each.chain for each in found}) == 20


def test_the_command_line_verifies_offline(seal: Seal, sealed: bytes, tmp_path: Path, capsys):
    good, bad, pem = tmp_path / "good.pdf", tmp_path / "bad.pdf", tmp_path / "seal.pem"
    good.write_bytes(sealed)
    bad.write_bytes(sealed.replace(b"/MediaBox", b"/MediaBux"))
    pem.write_bytes(seal.chain)

    codes = [
        main(["agreement", "verify", str(good), "--certificate", str(pem)]),
        main(["agreement", "verify", str(bad)]),
        main(["agreement", "verify", str(pem)]),
    ]

    assert codes == [0, 1, 2]
    assert "김담당" in capsys.readouterr().out


def test_the_command_line_distrusts_another_certificate(sealed: bytes, tmp_path: Path):
    file, pem = tmp_path / "file.pdf", tmp_path / "other.pem"
    file.write_bytes(sealed)
    pem.write_bytes(make_seal("다른 봉인").chain)

    assert main(["agreement", "verify", str(file), "--certificate", str(pem)]) == 1
