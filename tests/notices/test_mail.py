"""Mail: through the queue, tried again, emptied once sent, and kept in a rehearsal's mailbox."""

import smtplib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from gongmo.kernel.actor import Actor, Role
from gongmo.notices import commands
from gongmo.notices.categories import Category
from gongmo.notices.models import Mail, Notice, Posting
from gongmo.notices.tasks import daily
from gongmo.parties.models import Person
from gongmo.tasks import run_waiting
from gongmo.tasks.models import Job
from tests.builders import make_person
from tests.notices.builders import tell

pytestmark = pytest.mark.django_db

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


class Away(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError("no mail server")


class Refusing(BaseEmailBackend):
    """A mail server that knows no such address."""

    def send_messages(self, email_messages: object) -> int:
        raise smtplib.SMTPRecipientsRefused({"nobody@example.kr": (550, b"no such user")})


@pytest.fixture(autouse=True)
def queued(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "gongmo.notices.mail.Backend"
    settings.GONGMO_MAIL_BACKEND = LOCMEM
    settings.GONGMO_SITE_URL = "https://gongmo.example.kr"


@pytest.fixture
def rehearsal(settings: Settings, tmp_path: Path) -> None:
    settings.GONGMO_REHEARSAL_MARK = tmp_path / "rehearsal.json"
    settings.GONGMO_REHEARSAL_MARK.write_text("{}", "utf-8")
    return


def actor(person: Person) -> Actor:
    return Actor(role=Role.APPLICANT, person=person.pk)


def test_a_mail_is_sent_by_the_queue_with_all_its_letters_and_then_emptied() -> None:
    EmailMessage("제목", "가나다\nhttps://x.example/가", to=["a@example.kr"], bcc=["b@example.kr"]).send()
    assert outbox.outbox == []
    run_waiting()
    sent = outbox.outbox[0]
    assert sent.recipients() == ["a@example.kr", "b@example.kr"]
    message = sent.message()
    assert message.get_payload(decode=True).decode() == "가나다\nhttps://x.example/가"
    assert "b@example.kr" not in message.as_string()
    kept = Mail.objects.get()
    assert bytes(kept.source) == b""
    assert kept.sent_at is not None
    run_waiting()
    assert len(outbox.outbox) == 1


def test_a_mail_server_that_is_away_is_tried_again(settings: Settings) -> None:
    settings.GONGMO_MAIL_BACKEND = f"{__name__}.Away"
    EmailMessage("제목", "내용", to=["a@example.kr"]).send()
    run_waiting()
    assert "no mail server" in Job.objects.get(name="notices.send").error
    settings.GONGMO_MAIL_BACKEND = LOCMEM
    DBTaskResult.objects.update(run_after=timezone.now())
    run_waiting()
    assert len(outbox.outbox) == 1


def test_an_address_that_is_refused_for_good_is_given_up(settings: Settings) -> None:
    settings.GONGMO_MAIL_BACKEND = f"{__name__}.Refusing"
    EmailMessage("제목", "내용", to=["nobody@example.kr"]).send()
    run_waiting()
    assert DBTaskResult.objects.get(job__name="notices.send").status == "FAILED"


def test_a_notice_is_mailed_at_once_with_a_link_to_it() -> None:
    person = make_person()
    notice = tell(person.pk)
    run_waiting()
    mail = outbox.outbox[0]
    text = mail.message().get_payload(decode=True).decode()
    assert mail.to == [person.email]
    assert mail.subject == "[공모] 공고가 바뀌었습니다"
    assert f"https://gongmo.example.kr{reverse('notices:open', args=[notice.pk])}" in text
    assert "The call" not in text
    assert Notice.objects.get().posting == Posting.SENT


def test_english_stands_below_for_those_who_chose_it() -> None:
    person = make_person()
    Person.objects.filter(pk=person.pk).update(language="en")
    tell(person.pk)
    run_waiting()
    text = outbox.outbox[0].message().get_payload(decode=True).decode()
    assert text.index("공고가 바뀌었습니다") < text.index("The call has changed")


def test_a_person_may_have_mail_once_a_day_or_never() -> None:
    person = make_person()
    commands.choose(actor=actor(person), manners={"call": "daily", "award": "never"})
    tell(person.pk, key="a")
    tell(person.pk, key="b")
    tell(person.pk, key="c", category=Category.AWARD)  # type: ignore[arg-type]
    run_waiting()
    assert outbox.outbox == []
    daily.func()
    run_waiting()
    assert [mail.subject for mail in outbox.outbox] == ["[공모] 공고가 바뀌었습니다 외 1건"]
    daily.func()
    run_waiting()
    assert len(outbox.outbox) == 1
    assert Notice.objects.count() == 3


def test_a_rehearsal_keeps_mails_in_its_mailbox_and_sends_none(rehearsal: None, client: Client) -> None:
    person = make_person()
    tell(person.pk)
    run_waiting()
    assert outbox.outbox == []
    page = client.get("/mailbox/").content.decode()
    assert "공고가 바뀌었습니다" in page
    mail = Mail.objects.get()
    shown = client.get(f"/mailbox/{mail.pk}/").content.decode()
    notice = Notice.objects.get()
    assert f'href="{reverse("notices:open", args=[notice.pk])}"' in shown


def test_the_mailbox_shows_a_mail_as_text_whatever_stands_in_it(rehearsal: None, client: Client) -> None:
    EmailMessage("<script>", "<b>굵게</b> http://localhost:8101/calls/?a=1&b=2.", to=["a@example.kr"]).send()
    page = client.get(f"/mailbox/{Mail.objects.get().pk}/").content.decode()
    assert "&lt;b&gt;" in page
    assert 'href="/calls/?a=1&amp;b=2"' in page
    assert "<script>" not in page.split("<main", 1)[1].split("</main>")[0]


def test_there_is_no_mailbox_outside_rehearsals(client: Client) -> None:
    EmailMessage("제목", "내용", to=["a@example.kr"]).send()
    assert client.get("/mailbox/").status_code == 404
    assert client.get(f"/mailbox/{Mail.objects.get().pk}/").status_code == 404


def test_a_task_that_failed_for_good_is_told_to_operators_without_mail_about_mail(settings: Settings) -> None:
    from tests.builders import officer

    operator = officer(Role.OPERATOR, None)
    settings.GONGMO_MAIL_BACKEND = f"{__name__}.Refusing"
    EmailMessage("제목", "내용", to=["nobody@example.kr"]).send()
    run_waiting()
    told = Notice.objects.filter(person=operator.person, category="system")
    assert {notice.posting for notice in told} == {Posting.NONE}
    assert timezone.now() - told[0].created_at < timedelta(minutes=1)
