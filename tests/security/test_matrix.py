"""What each role is answered at each address: the table of the house's doors. An address without a line here fails the test."""

import ast
import functools
import inspect
import io
import json
import os
import re
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver

from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor, Role
from gongmo.ledger.models import Entry
from gongmo.parties.models import Person
from gongmo.parties.queries import capacities
from tests.security import doors
from tests.security.table import HEARD, ROWS, SIGN_IN, WORDS
from tests.security.world import NOW, World, build

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> object:
    """Built once; everything is rolled back after the last of this file's tests."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        whole = transaction.atomic()
        whole.__enter__()
        try:
            with clock.at(NOW):
                yield build()
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


BRIEF = {"accept": "application/json, text/html;q=0.5"}
"""Refusals are then told in a line instead of a page: what counts here is that they are refused."""


def ask(client: Client, method: str, path: str, *, brief: bool = False) -> Any:
    """The answer at NOW; what it changed is undone."""
    answer: Any
    told = BRIEF if brief else None
    with clock.at(NOW), transaction.atomic():
        answer = client.get(path, headers=told) if method == "GET" else client.post(path, headers=told)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def word(answer: Any) -> str:
    if answer.status_code == HTTPStatus.FOUND and answer["Location"].startswith(LOGIN):
        return "login"
    return WORDS.get(HTTPStatus(answer.status_code), str(answer.status_code))


def patterns() -> list[tuple[str, str]]:
    """Every address of the project: (route, its view's name in the resolver)."""

    def walk(each: URLPattern | URLResolver, before: str, space: str) -> list[tuple[str, str]]:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            name = each.name or each.lookup_str
            return [(route, f"{space}:{name}" if space else name)]
        inner = each.namespace or space
        return [found for one in each.url_patterns for found in walk(one, route, inner)]

    return [found for each in get_resolver().url_patterns for found in walk(each, "", "")]


def view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def test_every_address_is_in_the_table(world: World) -> None:
    told = {view_name(row.path.format(**world.ids)) for row in ROWS}
    told |= {view_name(f"/{path}") for path in SIGN_IN}

    assert [f"{route} ({name})" for route, name in patterns() if name not in told] == []


def test_each_role_is_answered_what_the_table_says(world: World) -> None:
    wrong = []
    for role in world.people:
        client = world.client(role)
        for row in ROWS:
            found = word(ask(client, row.method, row.path.format(**world.ids), brief=True))
            if row.method == "POST" and found in HEARD:
                found = "heard"
            if found != row.expected(role):
                wrong.append(f"{role}: {row.method} {row.path}: {found}, not {row.expected(role)}")

    assert not wrong, "\n".join(wrong)


def test_sign_in_pages_answer_what_the_table_says(world: World) -> None:
    wrong = []
    for place, role in enumerate(("visitor", "newcomer")):
        for path, expected in SIGN_IN.items():
            found = word(ask(world.client(role), "GET", f"/{path}"))
            if found != expected[place]:
                wrong.append(f"{role}: {path}: {found}, not {expected[place]}")

    assert not wrong, "\n".join(wrong)


def test_no_post_is_taken_without_its_token(world: World) -> None:
    client = world.client("agency", enforce_csrf_checks=True)
    paths = {row.path.format(**world.ids) for row in ROWS if row.method == "POST"}
    # Pages for everyone hold no token; these two only change how the reader's browser shows pages, and are refused from elsewhere.
    paths -= {"/language/", "/contrast/"}

    taken = [path for path in sorted(paths) if word(ask(client, "POST", path)) != "forbidden"]

    assert taken == []


def test_another_site_cannot_change_how_pages_are_shown(world: World) -> None:
    client = world.client("visitor", enforce_csrf_checks=True)
    from_elsewhere = {"sec-fetch-site": "cross-site"}

    answers = [
        client.post("/language/", {"language": "en"}, headers=from_elsewhere),
        client.post("/contrast/", {"contrast": "high"}, headers=from_elsewhere),
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert not client.cookies


def test_what_only_takes_posts_refuses_to_be_read(world: World) -> None:
    read = {view_name(row.path.format(**world.ids)) for row in ROWS if row.method == "GET"}
    client = world.client("lead")
    paths = {row.path.format(**world.ids) for row in ROWS if row.method == "POST"}
    only_posts = [path for path in sorted(paths) if view_name(path) not in read]

    assert [path for path in only_posts if word(ask(client, "GET", path)) != "method"] == []


def test_what_is_only_read_refuses_posts(world: World) -> None:
    posts = {view_name(row.path.format(**world.ids)) for row in ROWS if row.method == "POST"}
    client = world.client("lead")
    paths = {row.path.format(**world.ids) for row in ROWS if row.method == "GET"}
    only_read = [path for path in sorted(paths) if view_name(path) not in posts]

    allowed = [path for path in only_read if word(ask(client, "POST", path)) not in ("method", "missing")]
    assert allowed == []


def test_an_unknown_thing_is_answered_like_a_hidden_one(world: World) -> None:
    # Else ids could be counted through by whoever may see nothing.
    hidden = [row for row in ROWS if row.expected("stranger") == "missing" and "{" in row.path]
    client = world.client("stranger")
    ids = {name: "987654" if value.isdecimal() else value for name, value in world.ids.items()}

    for row in hidden:
        there = ask(client, row.method, row.path.format(**world.ids))
        gone = ask(client, row.method, row.path.format(**ids))
        assert (gone.status_code, _plain(gone)) == (there.status_code, _plain(there)), row


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="what is asked first is the same on both databases"
)
def test_whatever_is_sent_whoever_is_turned_away_is_told_no_more(world: World) -> None:
    """Else a form's faults, judged before the permission, would tell that the thing is there (tests/security/test_permission_first.py)."""
    rows = [row for row in ROWS if row.method == "POST" and "{" in row.path]
    clients = {role: world.client(role) for role in world.people}
    wrong: list[str] = []
    for number, row in enumerate(rows):
        turned_away = [role for role in world.people if row.expected(role) in ("missing", "forbidden")]
        path = row.path.format(**world.ids)
        view = resolve(path).func
        asked = {"x": "stranger"} if "stranger" in turned_away else {}
        if (
            turned_away and view.__name__ != "save"
        ):  # Whoever knows of it is told there of each field by itself.
            asked["1"] = turned_away[number % len(turned_away)]
        for value, role in asked.items():
            body, kind = filled(view, value)
            with clock.at(NOW), transaction.atomic():
                found = word(clients[role].generic("POST", path, body, kind, headers=BRIEF))
                transaction.set_rollback(True)
            if found not in (row.expected(role), "missing"):
                wrong.append(f"{role}: {row.path} filled with {value!r}: {found}, not {row.expected(role)}")

    assert len(rows) > 100
    assert not wrong, "\n".join(wrong)


def filled(view: Callable[..., Any], value: str) -> tuple[bytes, str]:
    """A body with `value` in every field, and a file in every place for one, that the view's module could read; and its content type."""
    names, source = fields_of(inspect.unwrap(view).__module__)
    if view.__name__ == "save":  # By itself, while somebody types.
        changes = [{"path": value, "value": value, "base": 0}] * 2000
        return json.dumps(dict.fromkeys(names, value) | {"changes": changes}).encode(), "application/json"
    if "FILES" not in source:
        return urlencode(dict.fromkeys(names, value)).encode(), "application/x-www-form-urlencoded"
    files = {
        name: io.BytesIO(b"x")
        for name in names
        if "file" in name or name in ("evidence", "document", "proof")
    }
    return encode_multipart(BOUNDARY, dict.fromkeys(names, value) | files), MULTIPART_CONTENT


@functools.cache
def fields_of(module: str) -> tuple[list[str], str]:
    """Every word in a module of views that could name a field, and its source."""
    source = inspect.getsource(sys.modules[module])
    words = {
        each.value
        for each in ast.walk(ast.parse(source))
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    return sorted(word for word in words if re.fullmatch("[a-z][a-z_0-9]{0,30}", word)), source


def _plain(answer: Any) -> str:
    """The sentence that is told, without the request's number and tokens."""
    html: str = answer.content.decode()
    return html[html.find("<main") :].split("gm-request")[0].split(str(answer["X-Request-ID"]))[0]


def test_every_answer_to_a_signed_in_person_is_guarded_and_kept_by_no_cache(world: World) -> None:
    for role in ("lead", "seated", "agency"):
        client = world.client(role)
        for row in ROWS:
            if row.method == "GET":
                answer = ask(client, "GET", row.path.format(**world.ids))
                assert "no-store" in answer.get("Cache-Control", ""), row
                assert answer["X-Content-Type-Options"] == "nosniff", row
                assert answer["X-Frame-Options"] == "SAMEORIGIN", row
                assert "script-src 'self';" in answer["Content-Security-Policy"] + ";", row
                assert "unsafe" not in answer["Content-Security-Policy"], row


# --- Made by the test itself: every door, every kind of thing, each stage, everybody; the policies say what is expected ---------
WHOLE = os.environ.get("WHOLE_MATRIX") == "1"
"""Everybody at every thing (minutes) instead of, at each door, one whom it opens to, one who knows of it and, at each stage, somebody else."""
INSIDE = HEARD | {"412"}
TURNED_AWAY = frozenset({"missing", "forbidden", "login"})
PUBLIC_CALLS = (
    "calls call pdf hwpx definition calendar correction questions ask",
    "applications start register",
    "evaluation disclosure",
)
"""Of a call that everyone may read, and where everyone may begin."""
IN_THE_TABLE_ONLY = (
    # Their things stand in no other world, or hang below one whose door is asked: the table holds them.
    "tasks again",
    "parties leave end_session end_certificate certificate_file withdraw_invitation resend_invitation join operator_revoke add_person",
    "parties invite change_role end_place",
    "files upload finish",
    "notices open calendar mail",
    "applications member member_link reinstate restore_field unsign",
    "similarity import confirm drop project pair application evidence",
    "registers address try",
    "screening fact item_file objection_file forget_view save changes objection attach hand_in withdraw_objection",
    "evaluation challenge proposal act_on_proposal document supplement drop_note blind act_on_turn visit_photo act_on_visit",
    "evaluation objection_file bonus_file entry",
    "custody export month person certificate destruction person_certificate person_destruction",
    "operation withdraw",
    "awards regional_call answer_amendment join amendment_file case_file act_on_case",
)


def views(lines: tuple[str, ...]) -> set[str]:
    return {f"{line.split()[0]}:{name}" for line in lines for name in line.split()[1:]}


def test_every_address_with_a_thing_in_it_has_a_door(world: World) -> None:
    ours = {name for route, name in patterns() if not route.startswith("accounts/") and "<" in route}
    doors_of = {door.view for door in doors.doors()}

    without = ours - doors_of - views(PUBLIC_CALLS) - views(IN_THE_TABLE_ONLY)
    stale = (doors_of | views(PUBLIC_CALLS) | views(IN_THE_TABLE_ONLY)) - ours

    told = "give it a door in tests/security/doors.py, or a row in tests/security/table and its name in IN_THE_TABLE_ONLY"
    assert (sorted(without), sorted(stale)) == ([], []), told


def acting(world: World) -> dict[str, Actor]:
    """Everybody as the policies see them when they have just signed in."""
    found = {}
    for role, pk in world.people.items():
        person = Person.objects.get(pk=pk) if pk is not None else None
        nobody = PUBLIC if person is None else Actor(role=Role.APPLICANT, person=person.pk, name="")
        found[role] = next(iter(capacities(person).values()), nobody) if person is not None else nobody
    return found


def by_policy(door: doors.Door, thing: Any, actors: dict[str, Actor]) -> dict[str, list[str]]:
    """To whom the policies open a thing, who else knows of it, and the others."""
    groups: dict[str, list[str]] = {"opens": [], "known": [], "others": []}
    for role, actor in actors.items():
        group = "opens" if door.opens(actor, thing) else "known" if door.known(actor, thing) else "others"
        groups[group].append(role)
    return groups


def at_each_stage(door: doors.Door, number: int, read: dict[str, list[Any]]) -> list[Any]:
    """The things that are asked for at a door: one of each stage of a call, another one at each door."""
    kind = doors.KINDS[door.of]
    stages: dict[object, list[Any]] = {}
    if door.of not in read:
        read[door.of] = list(kind.things().order_by("pk"))
    for thing in read[door.of]:
        stages.setdefault(kind.call(thing), []).append(thing)
    if WHOLE:
        return [thing for things in stages.values() for thing in things]
    return [things[number % len(things)] for things in stages.values()]


def some(roles: list[str], count: int, number: int) -> list[str]:
    """So many of them, others at each door."""
    return (
        roles
        if WHOLE or len(roles) <= count
        else [roles[(number + 7 * n) % len(roles)] for n in range(count)]
    )


@pytest.mark.skipif(
    connection.vendor == "postgresql" and not WHOLE, reason="the table above is asked on both databases"
)
def test_each_thing_is_shown_to_and_changed_by_whom_the_policies_name(world: World) -> None:
    for route, name in sorted(patterns(), key=lambda each: each[0].count("<"), reverse=True):
        # Of a view's several addresses the one with the fewest things in it.
        doors.ROUTES[name] = tuple(re.findall(r"<(?:\w+:)?(\w+)>", route))
    actors = acting(world)
    clients = {role: world.client(role) for role in actors}
    wrong: list[str] = []
    opened: dict[tuple[str, str], bool] = {}
    sorted_out: dict[object, dict[str, list[str]]] = {}
    things: dict[str, list[Any]] = {}
    number = 0
    for door in doors.doors():
        label = (door.method, door.view)
        opened.setdefault(label, False)
        for place, thing in enumerate(at_each_stage(door, number, things)):
            number += 1
            key = (door.of, thing.pk, door.opens, door.known)
            if key not in sorted_out:
                sorted_out[key] = by_policy(door, thing, actors)
            groups = sorted_out[key]
            path = door.path(thing)
            for role in some(groups["opens"], 0 if opened[label] and not WHOLE else 1, number):
                found, _ = attempt(clients[role], door.method, path)
                opened[label] |= found in INSIDE
                if found.startswith("5"):
                    wrong.append(f"{role}: {door.method} {path}: {found}")
            for group, count in (("known", 1 if place == 0 or WHOLE else 0), ("others", 1)):
                for role in some(groups[group], count, number):
                    found, wrote = attempt(clients[role], door.method, path)
                    # Whoever knows of it may be told first what the form lacks; nothing is done for them either way.
                    fine = found in TURNED_AWAY or (
                        group == "known" and door.method == "POST" and found in HEARD
                    )
                    if (
                        not fine
                        or wrote
                        or (group == "others" and found == "forbidden" and role != "visitor")
                    ):
                        wrong.append(
                            f"{role} ({group}): {door.method} {path}: {found}{' and written' if wrote else ''}"
                        )
    # A door that opens to nobody asks the wrong policy.
    for door in doors.doors():
        if not opened[door.method, door.view]:
            opened[door.method, door.view] = opens_to_somebody(door, actors, clients)
    wrong += [f"opens to nobody: {method} {view}" for (method, view), yes in opened.items() if not yes]

    assert not wrong, "\n".join(wrong)


def opens_to_somebody(door: doors.Door, actors: dict[str, Actor], clients: dict[str, Client]) -> bool:
    """Whether somebody whom the policy names gets in at any thing of the door's kind."""
    return any(
        attempt(clients[role], door.method, door.path(thing))[0] in INSIDE
        for thing in doors.KINDS[door.of].things().order_by("pk")
        for role, actor in actors.items()
        if door.opens(actor, thing)
    )


def attempt(client: Client, method: str, path: str) -> tuple[str, bool]:
    """The answer in a word, and whether the record got an entry. What was changed is undone."""
    with clock.at(NOW), transaction.atomic():
        before = Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
        answer: Any = client.generic(method, path, headers=BRIEF)
        if answer.streaming:
            b"".join(answer.streaming_content)
        wrote = before != Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
        transaction.set_rollback(True)
    found = word(answer)
    return found, wrote
