"""Mails that invite people: short, Korean first, with the link on a line of its own."""

from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from gongmo.definition.base import Text
from gongmo.kernel import korean
from gongmo.parties.models import Invitation, InvitationPurpose


def site_address() -> str:
    """This site's address with a slash at its end, for links in mails that no request asked for."""
    return f"{settings.GONGMO_SITE_URL.rstrip('/')}/"


def send_invitation(invitation: Invitation, token: str, *, site: str = "") -> None:
    """Send the link to the invited address. `site` is the address under which the inviter reached this site."""
    link = urljoin(site or site_address(), reverse("parties:join", args=[token]))
    said = _words(invitation)
    until = korean.stamp(invitation.expires_at)
    body = (
        f"{said.ko}\n\n아래 링크를 열어 로그인하면 이어집니다. 계정이 없으면 같은 화면에서 가입할 수 있습니다.\n\n{link}\n\n"
        f"이 링크는 {until}까지 한 번만 쓸 수 있습니다. 모르는 초대라면 이 전자우편을 무시해 주세요.\n\n"
        f"----\n{said.en}\nOpen the link above and sign in, or sign up there. It works once, until {until} (Korea time). "
        "If you do not expect this invitation, ignore this mail.\n"
    )
    subject = _subject(invitation)
    send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", body, None, [invitation.email])


def _inviter(invitation: Invitation) -> str:
    # One line, whatever was typed as a name: a subject must not grow headers.
    name = invitation.organisation.name if invitation.organisation is not None else "공모"
    return " ".join(name.split())


def _subject(invitation: Invitation) -> str:
    inviter = _inviter(invitation)
    if invitation.purpose == InvitationPurpose.HAND_OVER:
        return f"‘{inviter}’의 업무 인수인계"
    if invitation.purpose == InvitationPurpose.ORGANISATION:
        return f"‘{inviter}’에서 함께하자고 초대했습니다"
    return f"‘{inviter}’의 구성원 초대"


def _words(invitation: Invitation) -> Text:
    inviter = _inviter(invitation)
    if invitation.purpose == InvitationPurpose.HAND_OVER:
        return Text(
            ko=f"‘{inviter}’에서 업무를 이어받아 달라고 요청했습니다. 수락하면 지금 담당자의 역할이 모두 넘어옵니다.",
            en=f"“{inviter}” asks you to take over. Accepting moves all roles of the present officer to you.",
        )
    if invitation.purpose == InvitationPurpose.ORGANISATION:
        return Text(
            ko=f"‘{inviter}’에서 귀 기관을 초대했습니다. 기관이 아직 등록되지 않았다면 링크에서 바로 등록할 수 있습니다.",
            en=f"“{inviter}” invites your organisation. If it is not registered yet, the link lets you register it.",
        )
    return Text(
        ko=f"‘{inviter}’에서 구성원으로 초대했습니다.", en=f"“{inviter}” invites you to become a member."
    )
