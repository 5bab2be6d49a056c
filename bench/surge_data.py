"""Many true drafts quickly: one is made through the commands, act by act, and copied with its rows and its entries of the record.

A copy differs from its pattern in the ids and in what names them (organisation, e-mail address). Every row's seal and every entry's hash is worked out
anew, as the commands do, so that `gongmo doctor` finds nothing to say about them. The pattern's own ids are so large and so unlike anything else that they can be
replaced wherever they stand, in columns, canonical JSON and texts.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, models, transaction
from django.db.models.signals import post_save

from gongmo.applications import commands
from gongmo.applications.models import Application, Member
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role, system
from gongmo.kernel.canonical import canonical_json, sha256_hex
from gongmo.ledger import rows
from gongmo.ledger.models import Entry
from gongmo.notices.models import Cursor
from gongmo.notices.telling import CURSOR
from gongmo.parties import commands as parties
from gongmo.parties.models import Membership, Organisation, Person
from gongmo.privacy.fields import encrypted
from tests.builders import good_cells, make_agency_officer, speak
from tests.sample_call import C, sample_definition, t

FIRST = {
    Organisation: 710_000_001,
    Person: 720_000_001,
    Application: 730_000_001,
    Member: 740_000_001,
    Membership: 750_000_001,
}
"""Where the ids of the pattern and its copies begin."""
Salts = dict[tuple[type[models.Model], Any], str]
DOCUMENT = "plan"
BATCH = 400


@dataclass(frozen=True, slots=True)
class Seat:
    """A draft and the session of the person who leads it."""

    application: int
    cookie: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the pattern: its body, and the columns of the rows as it left them."""

    body: dict[str, Any]
    rows: list[tuple[type[models.Model], dict[str, Any]]]


@dataclass(slots=True)
class Pattern:
    """Everything that one draft wrote: entries in their order, and rows by model."""

    entries: list[Told] = field(default_factory=list)
    rows: dict[type[models.Model], list[dict[str, Any]]] = field(default_factory=dict)


def call_of(now: datetime) -> tuple[Call, Actor]:
    """A call whose intake ended a minute ago (`gongmo calls.extend` opens it for the run), and its officer."""
    keep = ("share_ceiling", "share_floor", "in_kind_cap", "budget_axes", "exclusion")
    kept = [rule.model_dump(mode="json") for rule in sample_definition().rules if rule.kind in keep]
    document = {
        "id": DOCUMENT,
        **C,
        "number": 1,
        "name": t("사업계획서", "Plan"),
        "per": "application",
        "roles": ["lead"],
        "formats": ["pdf"],
    }
    definition = sample_definition(id="surge", rules=kept, documents=[document])
    with clock.at(now - timedelta(days=12)):
        official = make_agency_officer()
        call = calls.publish(
            actor=official,
            definition=definition,
            operator_id=official.organisation or 0,
            slug="surge",
            intake=(now - timedelta(days=10), now - timedelta(minutes=1)),
        )
    return call, official


def drafts(call: Call, number: int, now: datetime, say: Callable[[str], None] = print) -> list[Seat]:
    """So many drafts of as many new organisations, complete but for their document, each with its lead's session."""
    pattern = _pattern(call, now)
    for start in range(1, number, BATCH):
        with transaction.atomic():
            _copy(pattern, start, min(number, start + BATCH))
        if start // BATCH % 5 == 0:
            say(f"  {min(number, start + BATCH):,} drafts")
    _count_on()
    seats = [_seat(index) for index in range(number)]
    _sessions(seats)
    told_all()
    return seats


def told_all() -> None:
    """Nobody is told of what stands so far: the run measures the deadline, not the mails of the weeks before."""
    newest = Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    Cursor.objects.update_or_create(name=CURSOR, defaults={"sequence": newest})


def _seat(index: int) -> Seat:
    return Seat(
        FIRST[Application] + index, f"{settings.SESSION_COOKIE_NAME}={_session_key(FIRST[Person] + index)}"
    )


def _session_key(person: int) -> str:
    return f"surge{person:027d}"


# --- The pattern ------------------------------------------------------------------------------------------------------
def _pattern(call: Call, now: datetime) -> Pattern:
    """Make one draft act by act and keep what each act wrote."""
    before = {model: _newest(model) for model in _kept_models()}
    for model, first in FIRST.items():
        _next_id(model, first)
    found = Pattern()
    number = FIRST[Organisation]
    with clock.at(now - timedelta(days=2)), _watching(found):
        organisation = parties.register_organisation(
            actor=system("surge"),
            name=f"가상 기업 {number}",
            kind=OrganisationKind.COMPANY,
            region="KR-48",
            invented=True,
        )
        person = parties.register_person(
            actor=system("surge"),
            email=f"lead{FIRST[Person]}@example.com",
            display_name="담당자 A",
            password=None,
            invented=True,
        )
        parties.add_member(
            actor=system("surge"),
            person_id=person.pk,
            organisation_id=organisation.pk,
            role=OrganisationRole.OWNER,
        )
        lead = Actor(
            role=Role.APPLICANT,
            person=person.pk,
            name=person.display_name,
            organisation=organisation.pk,
            organisation_name=organisation.name,
            organisation_role=OrganisationRole.OWNER,
            origin="web",
        )
        made = commands.start(actor=lead, call_id=call.pk, title=f"가상 사업 {number}", region="KR-48")
        speak(call, Member.objects.get(application=made), lead)
        commands.set_cells(actor=lead, application_id=made.pk, cells=good_cells(organisation.pk))
        commands.update_overview(
            actor=lead,
            application_id=made.pk,
            title=made.title,
            summary="가상의 개요입니다.",
            fields=["solution"],
        )
    for model, newest in before.items():
        written = [
            _values(each) for each in model._base_manager.order_by("pk") if newest is None or each.pk > newest
        ]
        if written:
            found.rows[model] = written
    for model, first in FIRST.items():
        if [each[_key(model)] for each in found.rows.get(model, [])] != [first]:
            raise SystemExit(f"{model._meta.label}: the pattern did not get the id {first}")
    return found


@contextmanager
def _watching(found: Pattern) -> Iterator[None]:
    """Keeps, after each entry, the rows that it names as they are then."""

    def written(*, instance: Entry, **_: Any) -> None:
        body = json.loads(instance.body)
        sealed = rows.sealed_models()
        left = []
        for label, told in body.get("rows", {}).items():
            for key in told:
                row = sealed[label]._base_manager.get(pk=key)
                if rows.seal(row) != told[key]:
                    raise SystemExit(f"{label} {key}: not as its entry tells")
                left.append((sealed[label], _values(row)))
        found.entries.append(Told(body, left))

    post_save.connect(written, sender=Entry)
    try:
        yield
    finally:
        post_save.disconnect(written, sender=Entry)


def _kept_models() -> list[type[models.Model]]:
    """The models of which an application's acts may write rows with counted ids."""
    found = []
    for model in apps.get_models():
        automatic = isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
        if automatic and model._meta.app_label in ("parties", "applications", "account", "notices", "files"):
            found.append(model)
    return found


def _newest(model: type[models.Model]) -> int | None:
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first()


def _values(row: models.Model) -> dict[str, Any]:
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.attname)


# --- Copies -----------------------------------------------------------------------------------------------------------
_OURS = re.compile("|".join(str(each) for each in FIRST.values()))


def _other(value: Any, ids: dict[str, str]) -> Any:
    """A value of the pattern as the copy has it: ids of the pattern replaced wherever they stand."""
    if isinstance(value, str):
        return _OURS.sub(lambda found: ids[found[0]], value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(ids.get(str(value), value))
    if isinstance(value, list):
        return [_other(each, ids) for each in value]
    if isinstance(value, dict):
        return {_other(name, ids): _other(each, ids) for name, each in value.items()}
    return value


class _Copier:
    """Makes the copies of one run of indexes."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.places = {
            (model, values[_key(model)]): place
            for model, found in pattern.rows.items()
            for place, values in enumerate(found)
        }
        self.last = {
            (model, values[_key(model)]): place
            for place, told in enumerate(pattern.entries)
            for model, values in told.rows
        }

    def key(self, model: type[models.Model], key: Any, index: int) -> Any:
        """The id of a copied row: those of `FIRST` count by one, the others by as many as a draft has."""
        found = self.pattern.rows[model]
        return key + index * (1 if model in FIRST else len(found))

    def row(self, model: type[models.Model], values: dict[str, Any], index: int, ids: dict[str, str]) -> Any:
        made = {}
        for column in model._meta.concrete_fields:
            value = values[column.attname]
            related = column.remote_field.model if column.remote_field else None
            if column.primary_key:
                value = self.key(model, value, index)
            elif related is not None:
                known = isinstance(related, type) and (related, value) in self.places
                value = self.key(related, value, index) if known else value
            else:
                value = _other(value, ids)
            made[column.attname] = value
        copied = model(**made)
        if "sha256" in made and "content" in made:
            copied.sha256 = sha256_hex(made["content"])  # type: ignore[attr-defined]
        return copied

    def rows(self, index: int, ids: dict[str, str]) -> Iterator[tuple[type[models.Model], list[Any]]]:
        for model, found in self.pattern.rows.items():
            yield model, [self.row(model, values, index, ids) for values in found]

    def body(
        self, place: int, index: int, ids: dict[str, str], sequence: int, previous: str, salted: Salts
    ) -> dict[str, Any]:
        """The entry at this place for the copy with this index. `salted`: seals of rows with encrypted columns, as they were stored: each
        text is stored with a salt of its own, which its row's last seal covers."""
        told = self.pattern.entries[place]
        body: dict[str, Any] = _other({**told.body, "rows": {}}, ids)
        seals: dict[str, dict[str, str]] = {}
        for model, values in told.rows:
            row = self.row(model, values, index, ids)
            last = self.last[model, values[_key(model)]] == place
            stored = salted.get((model, row.pk)) if last else None
            seals.setdefault(model._meta.label_lower, {})[str(row.pk)] = stored or rows.seal(row)
        body.pop("rows")
        return body | {"sequence": sequence, "previous": previous} | ({"rows": seals} if seals else {})


def _copy(pattern: Pattern, start: int, end: int) -> None:
    """Write the copies with these indexes, and their entries after the record's end."""
    copier = _Copier(pattern)
    made: dict[type[models.Model], list[Any]] = {}
    every = {
        index: {str(first): str(first + index) for first in FIRST.values()} for index in range(start, end)
    }
    for index, ids in every.items():
        for model, found in copier.rows(index, ids):
            made.setdefault(model, []).extend(found)
    for model in sorted(made, key=_order):
        models.QuerySet(model).bulk_create(made[model], batch_size=500)
    salted = _salted(made)
    end_of_record = Entry.objects.order_by("-sequence").first()
    assert end_of_record is not None
    sequence, previous = end_of_record.sequence, end_of_record.hash
    entries: list[Entry] = []
    for index, ids in every.items():
        for place in range(len(pattern.entries)):
            sequence += 1
            body = copier.body(place, index, ids, sequence, previous, salted)
            text = canonical_json(body)
            previous = sha256_hex(text)
            entries.append(_entry(body, text, previous))
    Entry.objects.bulk_create(entries, batch_size=500)


def _salted(made: dict[type[models.Model], list[Any]]) -> Salts:
    """The seals, read back, of those among these rows that have encrypted columns."""
    found: Salts = {}
    secret = {each.model for each in encrypted} & set(rows.sealed_models().values())
    for model in secret & made.keys():
        keys = [row.pk for row in made[model]]
        for first in range(0, len(keys), 500):
            part = model._base_manager.filter(pk__in=keys[first : first + 500])
            found.update({(model, row.pk): rows.seal(row) for row in part})
    return found


def _entry(body: dict[str, Any], text: str, digest: str) -> Entry:
    actor = body["actor"]
    return Entry(
        sequence=body["sequence"],
        at=datetime.fromisoformat(body["at"]),
        act=body["act"],
        call=body["call"],
        subject_type=body["subject"][0],
        subject_id=body["subject"][1],
        actor_role=actor["role"],
        actor_person=actor["person"],
        actor_name=actor["name"],
        body=text,
        previous_hash=body["previous"],
        hash=digest,
    )


def _order(model: type[models.Model]) -> tuple[bool, int, str]:
    """Those that others point to come first."""
    first = list(FIRST)
    return (model not in FIRST, first.index(model) if model in FIRST else 0, model._meta.label)


def _next_id(model: type[models.Model], number: int) -> None:
    """The next row of the model gets this id."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, false)",
                [f'"{table}"', _key(model), number],
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number - 1])


def _count_on() -> None:
    """Let the database count on behind the copies. SQLite does so by itself."""
    if connection.vendor == "postgresql":
        for model in _kept_models():
            _next_id(model, (_newest(model) or 0) + 1)


def _sessions(seats: list[Seat]) -> None:
    """A session for each lead, as signing in makes it."""
    Session = SessionStore.get_model_class()
    store = SessionStore()
    people = Person.objects.in_bulk([FIRST[Person] + index for index in range(len(seats))])
    until = clock.now() + timedelta(hours=8)
    made = []
    for pk, person in people.items():
        told = {
            SESSION_KEY: str(pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        made.append(Session(session_key=_session_key(pk), session_data=store.encode(told), expire_date=until))
    Session.objects.bulk_create(made, batch_size=500)


__all__ = ["DOCUMENT", "FIRST", "Seat", "call_of", "drafts", "told_all"]
