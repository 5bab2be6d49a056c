"""People who sign in."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.parties import policies
from gongmo.parties.models import Person


def register_person(
    *,
    actor: Actor,
    email: str,
    display_name: str,
    password: str | None = None,
    password_hash: str | None = None,
    invented: bool = False,
) -> Person:
    """Register a person who signs in with this address. Without a password they cannot sign in until they set one.

    `password_hash` is a ready hash (django.contrib.auth.hashers.make_password), for whoever registers many invented people with one
    password; it is taken only for `invented` people. The record keeps no address. Raises BadInput, NotAllowed, Refused.
    """
    if password_hash is not None and not invented:
        raise ValueError("a ready hash is for invented people only")
    with transaction.atomic():
        policies.may_operate.require(actor)
        address = email_address(email)
        if Person.objects.filter(email=address).exists():
            raise Refused(
                "person_registered",
                "이미 등록된 전자우편 주소입니다.",
                "This e-mail address is registered already.",
            )
        person = Person(email=address, display_name=_display_name(display_name), invented=invented)
        if password_hash is not None:
            person.password = password_hash
        else:
            _set_password(person, password)
        person.save(force_insert=True)
        # Invented people have no mailbox: nobody could open the confirmation that sign-in asks for.
        EmailAddress.objects.create(user=person, email=address, primary=True, verified=invented)
        ledger.append(
            actor=actor,
            act="parties.register_person",
            subject=("person", person.pk),
            payload={"display_name": person.display_name, "invented": invented},
        )
    return person


def rename_person(*, actor: Actor, person_id: int, display_name: str, language: str | None = None) -> Person:
    """Change the own display name (and the language of letters, "ko" or "en"); operators may change anyone's."""
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        if person is None:
            raise NotFound
        if actor.person != person_id and not policies.is_operator(actor):
            raise NotAllowed(
                "parties.rename_person",
                "본인과 운영자만 표시 이름을 바꿀 수 있습니다.",
                "Only the person and operators change a display name.",
            )
        before = person.display_name
        person.display_name = _display_name(display_name)
        if language in ("ko", "en"):
            person.language = language
        person.save(update_fields=["display_name", "language"])
        if before != person.display_name:
            ledger.append(
                actor=actor,
                act="parties.rename_person",
                subject=("person", person.pk),
                payload={"before": before, "after": person.display_name},
            )
    return person


def email_address(email: str) -> str:
    """The address in lower case. Raises BadInput."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadInput(
            "email",
            "전자우편 주소를 확인해 주세요. 예: name@example.kr",
            "Check the e-mail address.",
            field="email",
        ) from error
    return address


def _display_name(value: str) -> str:
    name = " ".join(value.split())
    if not 1 <= len(name) <= 80:
        raise BadInput(
            "display_name",
            "표시 이름을 1자에서 80자 사이로 적어 주세요.",
            "Write a display name of 1 to 80 characters.",
            field="display_name",
        )
    return name


def _set_password(person: Person, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        sentence = " ".join(error.messages)
        raise BadInput("password", sentence, sentence, field="password") from error
    person.set_password(password)
