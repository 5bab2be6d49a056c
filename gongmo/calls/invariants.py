"""What must hold of calls, on live data."""

from collections.abc import Iterator

from gongmo.calls.models import Call, CallVersion
from gongmo.calls.queries import definition_of
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.invariants import Broken, invariant


@invariant(
    "calls.versions_frozen",
    ko="공고의 각 판은 공고할 때의 내용과 지문이 같습니다.",
    en="Each version of a call still has the fingerprint of its text.",
)
def versions_frozen() -> Iterator[Broken]:
    """Every version's text hashes to its SHA-256."""
    for version in CallVersion.objects.iterator(chunk_size=50):
        found = sha256_hex(version.definition)
        if found != version.sha256:
            yield Broken(f"call_version {version.pk}", found, version.sha256)


@invariant(
    "calls.version_in_force",
    ko="공고의 마감 시각은 시행 중인 판의 마감 시각과 같고, 판 번호는 1부터 이어집니다.",
    en="A call's deadline is that of its version in force, and versions are numbered from 1 without gaps.",
)
def version_in_force() -> Iterator[Broken]:
    """The version in force is the newest, its window is the call's, and version numbers have no gaps."""
    for call in Call.objects.select_related("version").prefetch_related("versions"):
        numbers = [version.number for version in call.versions.all()]
        if numbers != list(range(1, len(numbers) + 1)):
            yield Broken(f"call {call.slug}", f"versions {numbers}", "1, 2, 3 ...")
        if call.version is None or call.version.number != len(numbers):
            yield Broken(f"call {call.slug}", f"version {call.version_id}", "the newest version in force")
            continue
        intake = definition_of(call).intake
        if (intake.opens, intake.closes) != (call.opens_at, call.closes_at):
            yield Broken(
                f"call {call.slug}",
                f"{call.opens_at.isoformat()} ~ {call.closes_at.isoformat()}",
                f"{intake.opens.isoformat()} ~ {intake.closes.isoformat()}",
            )
