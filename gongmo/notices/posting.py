"""Notices as mail: one by itself, several at once or the day's together, with a link that leads to the page."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse

from gongmo.notices.models import Notice, Posting
from gongmo.parties.models import Person

MOST = 50
"""Notices that one mail tells; the rest are on the site."""


def post_all(posting: Posting) -> int:
    """Mail every notice that waits in this manner, one mail a person. Returns the number of mails.

    A notice is marked in the transaction that queues its mail: a worker that dies in between neither loses nor repeats one.
    """
    made = 0
    waiting = Notice.objects.filter(posting=posting).values_list("person_id", flat=True)
    for person_id in sorted(set(waiting)):
        with transaction.atomic():
            person = Person.objects.get(pk=person_id)
            rows = Notice.objects.select_for_update().filter(person=person, posting=posting)
            notices = list(rows.order_by("created_at", "pk"))
            if not notices:
                continue
            Notice.objects.filter(pk__in=[each.pk for each in notices]).update(posting=Posting.SENT)
            if person.is_active and person.email:
                message_for(person, notices).send()
                made += 1
    return made


def message_for(person: Person, notices: Sequence[Notice]) -> EmailMessage:
    """The mail that tells a person these notices: Korean, with English below where the person reads English."""
    first, more = notices[0], len(notices) - 1
    subject = f"[공모] {first.title_ko}" + (f" 외 {more}건" if more else "")
    parts = [_korean(notices)]
    if person.language == "en":
        parts.append(_english(notices))
        subject = f"[Gongmo] {first.title_en}" + (f" and {more} more" if more else "")
    # Telling machines that a machine wrote: no answer "I am on holiday" comes back.
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, "\n\n".join(parts), to=[person.email], headers=headers)


def _korean(notices: Sequence[Notice]) -> str:
    told = [f"{each.title_ko}\n\n{each.body_ko}\n\n바로 가기: {link(each)}" for each in notices[:MOST]]
    if len(notices) > MOST:
        told.append(f"이 밖에 {len(notices) - MOST}건이 더 있습니다: {site(reverse('notices:list'))}")
    foot = f"--\n공모(Gongmo)에서 보냈습니다. 전자우편 받는 방법 바꾸기: {site(reverse('notices:settings'))}"
    return "\n\n\n".join([*told, foot])


def _english(notices: Sequence[Notice]) -> str:
    told = [f"{each.title_en}\n\n{each.body_en}\n\nOpen: {link(each)}" for each in notices[:MOST]]
    if len(notices) > MOST:
        told.append(f"And {len(notices) - MOST} more: {site(reverse('notices:list'))}")
    foot = f"--\nSent by Gongmo. Change what is mailed to you: {site(reverse('notices:settings'))}"
    return "\n\n\n".join([*told, foot])


def link(notice: Notice) -> str:
    """Where the notice opens, for use outside the site."""
    return site(reverse("notices:open", args=[notice.pk]))


def site(path: str) -> str:
    """A path of this site as an absolute address."""
    return f"{settings.GONGMO_SITE_URL}{path}"
