"""What the queue does for agreements: print their versions, and seal what all have signed."""

from datetime import time, timedelta

from gongmo.awards import printing
from gongmo.awards import rechecks as rechecks
from gongmo.awards.commands.warnings import warn_negotiations
from gongmo.awards.models import AgreementVersion, PrintKind
from gongmo.kernel.actor import system
from gongmo.tasks import GiveUp, schedule, task


@task(name="awards.print_version", ko="협약서를 PDF와 HWPX로 만듭니다", en="Print an agreement")
def print_version(*, version: int) -> None:
    """The version as it lies before its signers, as PDF and HWPX."""
    found = AgreementVersion.objects.select_related("agreement__call").filter(pk=version).first()
    if found is None:
        return
    for kind in (PrintKind.PDF, PrintKind.HWPX):
        printing.printed(found, kind)


@task(name="awards.seal_version", ko="서명이 끝난 협약서에 전자 봉인을 합니다", en="Seal a signed agreement")
def seal_version(*, version: int) -> None:
    """The version with its signatures, sealed by the site. Given up where the site has no certificate."""
    found = AgreementVersion.objects.select_related("agreement__call").filter(pk=version).first()
    if found is None:
        return
    if printing.sealed(found) is None:
        raise GiveUp(
            "사이트의 봉인 인증서가 설정되지 않았습니다. GONGMO_SEAL_KEY와 GONGMO_SEAL_CERTIFICATE를 설정한 뒤 다시 실행해 주세요.",
            "The site has no seal certificate. Set GONGMO_SEAL_KEY and GONGMO_SEAL_CERTIFICATE, then run it again.",
        )


@schedule(
    name="awards.warn_negotiations",
    every=timedelta(days=1),
    at=time(9, 0),
    ko="기한이 가까운 협상을 알립니다",
    en="Tell of negotiations whose limit is near",
)
def warn() -> None:
    """Tell both sides of each negotiation whose limit is near or has passed, once each."""
    warn_negotiations(actor=system())
