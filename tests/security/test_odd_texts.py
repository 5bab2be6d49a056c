"""Odd texts through every form that a person is shown: the site takes them or says what to do, and shows them as text.

Every form of every page of the table of doors is filled in and sent once, in the role that is shown it; what it did is undone. In CI a part
of the forms is tried; `make fuzz` tries all of them with more texts.
"""

import io
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.test import Client
from django.urls import resolve

from gongmo.kernel import clock
from tests.security.test_matrix import ROWS
from tests.security.world import NOW, World, build

pytestmark = pytest.mark.django_db

MANY = bool(os.environ.get("GONGMO_TEST_FUZZ"))
TEXT = "각 각\u200b\u202eexe.fdp\u202c👩‍👩‍👧‍👦𠮷 =1+1 <script>alert(1)</script> ]]> {{7*7}} ../.."
BROKEN = "가\x00나\x07다\x1b \ufffe"
LONG = "긴 글 " * 5000
TEXTS = [TEXT, BROKEN, LONG] if MANY else [TEXT, BROKEN]
ROLES = ("drafter", "screener", "seated") + (
    ("lead", "reviewed", "agency", "operator", "region", "ministry", "guest") if MANY else ()
)
PLAIN = {"number": "3", "date": "2030-05-02", "datetime-local": "2030-05-02T10:00", "time": "10:00", "email": "a@example.com", "url": "https://example.com/", "tel": "02-000-0000"}  # fmt: skip
LEFT_OUT = {"account_logout", "set_language"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.at(NOW):
        yield build()


def forms(world: World) -> Iterator[tuple[str, str, Tag]]:
    """Every form that sends something: the role that sees it, its page, and the form. The same form of another page is left out."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for role in ROLES:
        client = world.client(role)
        for row in ROWS:
            if row.method != "GET" or row.expected(role) != "ok":
                continue
            path = row.path.format(**world.ids)
            answer = client.get(path)
            if not answer.headers["Content-Type"].startswith("text/html") or answer.status_code != 200:
                continue
            for form in BeautifulSoup(answer.content, "html.parser").select("form[method=post]"):
                target = urlsplit(urljoin(path, str(form.get("action") or path))).path
                name = resolve(target).view_name
                key = (name, tuple(sorted(str(each.get("name")) for each in form.select("[name]"))))
                if key in seen or name in LEFT_OUT:
                    continue
                seen.add(key)
                yield role, path, form


def filled(form: Tag, text: str) -> dict[str, Any]:
    """What a browser would send of the form with the text in every field that takes one."""
    data: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name], button[name]"):
        name, kind = str(field["name"]), str(field.get("type") or "text")
        if field.name == "textarea" or (field.name == "input" and kind in ("text", "search", "password")):
            data[name] = text
        elif field.name == "select":
            chosen = [option for option in field.select("option") if option.get("value")]
            data[name] = str(chosen[-1]["value"]) if chosen else text
        elif field.name == "button" or kind == "submit":
            data.setdefault(name, str(field.get("value") or ""))
        elif kind == "file":
            odd = io.BytesIO(b"%PDF-1.4 not much of one %%EOF")
            odd.name = "각\u202e=1+1.pdf"
            data[name] = odd
        elif kind == "radio":
            data.setdefault(name, str(field.get("value") or ""))
        elif kind == "checkbox":
            data[name] = str(field.get("value") or "on")
        else:
            data[name] = PLAIN.get(kind, str(field.get("value") or ""))
    return data


def send(client: Client, page: str, form: Tag, text: str) -> Any:
    target = urljoin(page, str(form.get("action") or page))
    return client.post(target, filled(form, text), headers={"referer": f"http://testserver{page}"})


def test_odd_texts_in_any_form_are_taken_or_refused_in_words_and_shown_as_text(world: World) -> None:
    found = list(forms(world))
    assert len(found) > (60 if MANY else 25)
    tried = found if MANY else found[::2]
    answers: Counter[int] = Counter()

    for number, (role, page, form) in enumerate(tried):
        # Each form meets one of the texts, or with `make fuzz` all of them.
        for text in TEXTS if MANY else TEXTS[number % 2 :][:1]:
            client = world.client(role)
            with transaction.atomic():
                answer = send(client, page, form, text)
                where = f"{role} {page} {form.get('action')}: {answer.status_code}"
                assert answer.status_code < 500, where
                answers[answer.status_code] += 1
                shown = client.get(page)
                assert shown.status_code < 500, where
                for each in (answer, shown):
                    if each.headers["Content-Type"].startswith("text/html"):
                        assert b"<script>alert(1)" not in each.content, where
                transaction.set_rollback(True)
    # Else nothing was tried: about half of the forms can be taken as they are filled in.
    assert answers[302] > len(tried) / 4
    assert answers[404] + answers[405] < len(tried) / 10, answers
