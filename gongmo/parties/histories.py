"""The record of an organisation in words: what each act changed, and whom it concerned."""

from typing import Any

from gongmo.definition.base import Text
from gongmo.kernel.actor import OrganisationRole
from gongmo.ledger.queries import Record
from gongmo.parties import queries, words
from gongmo.parties.models import CertificateKind, InvitationPurpose


def acts_of_organisation(records: list[Record]) -> list[dict[str, object]]:
    """Lines for `krds.timeline`, one an act, with what it changed in `detail`. One statement for the names."""
    names = queries.names_in(records)
    return [
        {
            "at": record.at,
            "actor": record.actor_name or record.organisation_name,
            "role": record.organisation_name if record.actor_name else "",
            "what": Text(ko=record.ko, en=record.en),
            "detail": _detail(record, names),
            "sequence": record.sequence,
        }
        for record in records
    ]


def _detail(record: Record, names: dict[int, str]) -> Text | str:
    told = record.payload
    if changed := queries.changed_fields(record):
        parts = [
            (words.FIELDS.get(field, Text(ko=field, en=field)), _value(before), _value(after))
            for field, (before, after) in changed.items()
        ]
        return Text(
            ko=", ".join(f"{field.ko}: {before} → {after}" for field, before, after in parts),
            en=", ".join(f"{field.en or field.ko}: {before} → {after}" for field, before, after in parts),
        )
    match record.act:
        case "parties.hand_over":
            giver, taker = names.get(told.get("from", 0), "?"), names.get(told.get("to", 0), "?")
            return Text(ko=f"{giver} → {taker}", en=f"{giver} → {taker}")
        case "parties.change_role":
            name = names.get(told.get("person", 0), "?")
            before, after = _place(told.get("before")), _place(told.get("after"))
            return Text(ko=f"{name}: {before.ko} → {after.ko}", en=f"{name}: {before.en} → {after.en}")
        case "parties.add_member" | "parties.end_membership":
            name, place = names.get(told.get("person", 0), "?"), _place(told.get("role"))
            return Text(ko=f"{name} ({place.ko})", en=f"{name} ({place.en})")
        case "parties.invite" | "parties.resend_invitation" | "parties.withdraw_invitation":
            return _invitation(told)
        case "parties.add_certificate" | "parties.end_certificate":
            return _certificate(told.get("kind"))
    return ""


def _invitation(told: dict[str, Any]) -> Text:
    try:
        what = words.PURPOSES[InvitationPurpose(str(told.get("purpose")))]
    except ValueError:
        return Text(ko="?", en="?")
    if not told.get("role"):
        return what
    place = _place(told["role"])
    return Text(ko=f"{what.ko} ({place.ko})", en=f"{what.en} ({place.en})")


def _value(value: Any) -> str:
    return "(없음)" if value in (None, "") else str(value)


def _place(value: Any) -> Text:
    try:
        return words.PLACES[OrganisationRole(value)]
    except ValueError:
        return Text(ko="?", en="?")


def _certificate(value: Any) -> Text:
    try:
        return words.CERTIFICATES[CertificateKind(value)]
    except ValueError:
        return Text(ko="?", en="?")
