"""The site's seal on a signed agreement: one PAdES certification signature (ETSI EN 319 142-1, level B-B), and the check of such files.

The seal's key and certificate are settings (GONGMO_SEAL_KEY, GONGMO_SEAL_CERTIFICATE: PEM files). A rehearsal makes its own. Knows
nothing of the database.
"""

import io
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import (
    BasicConstraints,
    CertificateBuilder,
    KeyUsage,
    Name,
    NameAttribute,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

FIELD = "GongmoSeal"
"""The seal's signature field."""
YEARS = 10


@dataclass(frozen=True, slots=True)
class Seal:
    """A key and its certificate chain as PEM; the first certificate is the key's own."""

    key: bytes
    chain: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """One signature in a PDF. `intact`: nothing under it was changed; `trusted`: its certificate leads to a trusted one.

    `whole`: it covers the file to its end, or what was added later are signatures only. `seal`: it stands in the site's field.
    """

    field: str
    signer: str
    issuer: str
    serial: str
    fingerprint: str
    at: datetime | None
    reason: str
    intact: bool
    valid: bool
    trusted: bool
    whole: bool
    seal: bool

    @property
    def holds(self) -> bool:
        """Whether the signature stands, whoever its certificate belongs to."""
        return self.intact and self.valid and self.whole


class Unreadable(Exception):
    """The file is no PDF that signatures can be read from."""


def configured(key: str, chain: str) -> Seal | None:
    """The seal of the settings, None where they name none. Raises OSError where a file cannot be read."""
    if not key or not chain:
        return None
    return Seal(Path(key).read_bytes(), Path(chain).read_bytes())


def self_made(folder: Path, *, name: str = "Gongmo rehearsal") -> Seal:
    """The seal of a rehearsal: made once in `folder`, for practice only, and trusted by nobody else."""
    key, chain = folder / "seal-key.pem", folder / "seal-certificate.pem"
    if not chain.is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
        made = make_seal(name)
        for path, content in ((draft / key.name, made.key), (draft / chain.name, made.chain)):
            path.touch(mode=0o600)
            path.write_bytes(content)
        try:
            # Key and certificate appear together; where another process was first, its folder is not empty and stands.
            draft.rename(folder)
        except OSError:
            shutil.rmtree(draft)
    return Seal(key.read_bytes(), chain.read_bytes())


def make_seal(name: str) -> Seal:
    """A new key (ECDSA P-256) with a certificate that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = Name([NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    return Seal(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        certificate.public_bytes(serialization.Encoding.PEM),
    )


def seal_pdf(content: bytes, seal: Seal, *, reason: str, name: str) -> bytes:
    """The PDF with the site's certification signature added as an incremental update. Only further signatures may follow it."""
    # The library loads slowly; who only reads pages does not wait for it.
    from asn1crypto import keys
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    own, *rest = certificates(seal.chain)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([own, *rest])
    der = serialization.load_pem_private_key(seal.key, password=None).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(
        signing_cert=own, signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store
    )
    told = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        reason=reason,
        name=name,
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    signers.PdfSigner(told, signer=signer).sign_pdf(writer, output=out)
    return out.getvalue()


def check_pdf(content: bytes, trusted: Iterable[x509.Certificate] = ()) -> list[Checked]:
    """Every signature in a PDF, in the order in which they were made. Nothing is fetched. Raises Unreadable."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    roots = list(trusted)
    try:
        found: list[Checked] = []
        end = 0
        for embedded in PdfFileReader(io.BytesIO(content), strict=False).embedded_signatures:
            try:
                status = validate_pdf_signature(
                    embedded,
                    signer_validation_context=ValidationContext(trust_roots=roots, allow_fetching=False),
                )
            except (SignatureValidationError, SigningError, ValueError):
                status = None
            found.append(_told(embedded, status))
            end = embedded.byte_range[2] + embedded.byte_range[3]
        if found and end != len(content):
            # Something stands behind the last signature.
            found[-1] = replace(found[-1], whole=False)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise Unreadable(str(error)) from error
    return found


def certificates(chain: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises ValueError where it holds none."""
    found = [
        x509.Certificate.load(der)
        for kind, _, der in pem.unarmor(chain, multiple=True)
        if kind == "CERTIFICATE"
    ]
    if not found:
        raise ValueError("no certificate in the PEM file")
    return found


def first_part(content: bytes, sealed: bytes) -> bool:
    """Whether a file is the sealed one with something added at its end only."""
    return len(content) > len(sealed) and content.startswith(sealed)


def _told(embedded: Any, status: Any) -> Checked:
    certificate = embedded.signer_cert
    sign = embedded.sig_object
    return Checked(
        field=str(embedded.field_name),
        signer=_common_name(certificate.subject) if certificate is not None else "",
        issuer=_common_name(certificate.issuer) if certificate is not None else "",
        serial=str(certificate.serial_number) if certificate is not None else "",
        fingerprint=certificate.sha256.hex() if certificate is not None else "",
        at=embedded.self_reported_timestamp,
        reason=str(sign.get("/Reason", "")),
        intact=bool(status is not None and status.intact),
        valid=bool(status is not None and status.valid),
        trusted=bool(status is not None and status.trusted),
        whole=bool(status is not None and _covers(status)),
        seal=str(embedded.field_name) == FIELD,
    )


def _covers(status: Any) -> bool:
    """The signature covers the file, or what came later is what it allows."""
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    level = status.modification_level
    return level is not None and level <= ModificationLevel.FORM_FILLING and status.docmdp_ok is not False


def _common_name(name: x509.Name) -> str:
    native = name.native
    return str(native.get("common_name") or native.get("organization_name") or name.human_friendly)
