"""What leaves the house names rows by tokens: people who are no officials open their pages, and no row's number leads anywhere.

Every table counts from a far number of its own here, so that a number on a page says which table it counts.
"""

import re
from collections.abc import Iterator
from html import unescape
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from gongmo.evaluation.models import Evaluator
from gongmo.kernel import clock, numbers
from gongmo.kernel.numbers import Kind
from gongmo.parties.models import Organisation, Person
from gongmo.web.numbers import begin
from tests.builders import make_applicant, make_person, member_actor
from tests.security import doors
from tests.security.world import NOW, build

pytestmark = pytest.mark.django_db

FROM, STEP = 31_000_000_000, 10_000
NUMBER = re.compile(r"(?<!\d)31\d{9}(?!\d)")
LINK = re.compile(r'\s(href|action|formaction|src|hx-[a-z]+|data-[a-z-]+)="([^"]*)"')
STAY = frozenset({"parties_organisation", "applications_member", "applications_kpi", "calls_notice"})
"""Tables whose numbers still stand in names of fields and anchors (docs/decisions/0188-numbers-leave-as-tokens.md)."""
PASSED_OVER = re.compile(
    r"^/(static|accounts|clock|language|contrast|record|calls/feed)/|\.[a-z]+$|/file/$|-documents/|/documents/[^/]+/$"
)
"""Not opened: files, and pages that hold nothing of anybody."""


@pytest.fixture
def tables() -> dict[int, str]:
    """The tables by the thousands from which they count."""
    with connection.cursor() as cursor:
        named = sorted(connection.introspection.table_names(cursor))
        for place, name in enumerate(named):
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, FROM + place * STEP]
            )
    return dict(enumerate(named))


@pytest.fixture
def tokens_only(settings) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Plain numbers are not answered, as in life."""
    settings.GONGMO_PLAIN_NUMBERS = False
    begin()
    yield
    settings.GONGMO_PLAIN_NUMBERS = True
    begin()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's counters would not come back")
@pytest.mark.usefixtures("tokens_only")
def test_nobody_outside_the_offices_is_led_or_shown_by_a_number(tables: dict[int, str]) -> None:
    world = build()
    # The builders name people and works by their numbers; those are words.
    words = re.compile(
        "|".join([*map(re.escape, Evaluator.objects.values_list("label", flat=True)), r"가상 사업 \d+"])
    )
    led: set[tuple[str, str]] = set()
    shown: set[tuple[str, str]] = set()
    opened, seen = 0, set[str]()
    with clock.at(NOW):
        for role in ("drafter", "lead", "seated", "visitor"):
            for path, text in _pages(world.client(role), seen):
                opened += 1
                text = words.sub("", text)
                for name, value in LINK.findall(text):
                    if value.startswith(("/", "?", "http")) and NUMBER.search(urlsplit(unescape(value)).path):
                        led.add((role, f"{path} {name}={value}"))
                for number in NUMBER.findall(text):
                    table = tables[(int(number) - FROM) // STEP]
                    if table not in STAY:
                        shown.add((f"{role} {path}", table))
    assert led == set()
    assert shown == set()
    assert opened > 50


def _pages(client: Client, seen: set[str]) -> Iterator[tuple[str, str]]:
    """The start page, and one page of each kind not `seen` yet that links lead to from there."""
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        yield path, text
        for name, value in LINK.findall(text):
            to = urljoin(path, unescape(value)).partition("#")[0]
            kind = re.sub(numbers.SHAPE, "*", urlsplit(to).path)
            if name == "href" and to.startswith("/") and kind not in seen and not PASSED_OVER.search(kind):
                seen.add(kind)
                waiting.append(to)


@pytest.mark.usefixtures("tokens_only")
def test_plain_numbers_and_wrong_tokens_are_answered_like_what_there_is_not() -> None:
    """Whoever tries 1, 2, 3 … would find the number of what is the own."""
    client = Client()
    client.force_login(make_person())
    unknown = [reverse("notices:open", args=[1]), "/notices/aaaaaaaaaaaaa/", "/applications/aaaaaaaaaaaaa/"]
    plain = [f"/notices/{number}/" for number in (0, 1, 987654, 2**63, 10**30)]
    plain += ["/applications/1/", "/notices/there-is-no-such-address/"]

    answers = {path: client.get(path) for path in unknown + plain}

    assert {answer.status_code for answer in answers.values()} == {HTTPStatus.NOT_FOUND}
    # All but the number to ask about, which is the request's own.
    assert len({_words(answers[path].content) for path in unknown}) == 1
    assert len({_words(answers[path].content) for path in plain}) == 1


@pytest.mark.usefixtures("tokens_only")
def test_a_token_of_another_kind_is_answered_like_what_there_is_not() -> None:
    """Whoever knows an organisation's number from a field's name, and so the token of that number, opens nothing else with it."""
    actor = make_applicant()
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    own = numbers.token(actor.organisation or 0, Kind.ORGANISATION)
    others = [
        numbers.token(actor.organisation or 0, kind) for kind in (Kind.MEMBER, Kind.PLACE, Kind.APPLICATION)
    ]

    answers = [client.get(f"/organisations/{token}/") for token in ("aaaaaaaaaaaaa", *others)]

    assert client.get(f"/organisations/{own}/").status_code == HTTPStatus.OK
    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}
    assert len({_words(answer.content) for answer in answers}) == 1


@pytest.mark.usefixtures("tokens_only")
def test_a_form_takes_a_token_of_its_own_kind_only() -> None:
    actor = make_applicant()
    colleague = member_actor(Organisation.objects.get(pk=actor.organisation))
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    page = reverse("parties:hand_over", args=[actor.organisation])

    answers = [
        client.post(page, {"by": "colleague", "to": numbers.token(colleague.person or 0, kind)})
        for kind in (Kind.PLACE, Kind.MEMBER, Kind.PERSON)
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 302]


def test_every_address_names_the_kind_of_what_its_door_is_about() -> None:
    """A kind that is not the thing's own would make its tokens those of another table again."""
    named = {
        name: {
            part: getattr(converter, "kind", None) for part, converter in pattern.pattern.converters.items()
        }
        for name, pattern in _addresses(get_resolver())
    }
    wrong = []
    for door in doors.doors():
        about = doors.KINDS[door.of]
        part = {"run": "run"}.get(door.of, "pk")
        kind = named[door.view].get(part)
        # A review is named by its application.
        table = "applications.Application" if door.of == "review" else about.things().model._meta.label
        if door.of != "call" and (kind is None or kind.model != table):
            wrong.append(f"{door.view}: {kind}, not that of {table}")

    assert wrong == []


def _addresses(resolver: Any, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield f"{space}:{each.name}" if space else each.name or "", each
        else:
            yield from _addresses(each, each.namespace or space)


def _words(content: bytes) -> str:
    main = BeautifulSoup(content, "html.parser").main
    assert main is not None
    for code in main.select("code"):
        code.decompose()
    return main.get_text()
