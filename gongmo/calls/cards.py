"""A call's card: what lists, feeds and searches read of it, so that none of them opens a definition."""

import unicodedata
from collections.abc import Iterable

from gongmo.calls.models import Call, Card
from gongmo.definition.base import OrganisationKind, Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import AllowedKinds, ApplicantRegions, RequiredRole


def folded(text: str) -> str:
    """Text as it is compared: composed letters (NFC), no case, no spaces. "ＡＩ 전환" and "ai전환" are one."""
    return "".join(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold()).split())


def lined(items: Iterable[str]) -> str:
    """Items as one text in which `item_in` finds each; "" for none."""
    found = [" ".join(item.split()) for item in items]
    return "".join(["\n", *(f"{item}\n" for item in dict.fromkeys(found))]) if found else ""


def item_in(item: str) -> str:
    """What a lined text holds where the item is among its items."""
    return f"\n{' '.join(item.split())}\n"


def items_of(text: str) -> list[str]:
    """The items of a lined text."""
    return text.split("\n")[1:-1]


def card_values(call: Call, definition: Definition) -> dict[str, str]:
    """The columns of the call's card. `call.operator` is at hand."""
    ministry = next((actor.organisation for actor in definition.actors if actor.id == "ministry"), None)
    offices = [text.ko for text in (ministry,) if text] + [call.operator.name]
    words: list[str] = [call.slug, call.operator.name, *offices]
    texts: list[Text] = [
        definition.title,
        definition.short_title,
        definition.purpose,
        *definition.announced_by,
    ]
    texts += [actor.organisation for actor in definition.actors if actor.organisation]
    texts += [field.name for field in definition.fields]
    words += [each for text in texts for each in (text.ko, text.en)]
    contacts = [
        " ".join(part for part in (contact.name.ko, contact.phone, contact.email) if part)
        for contact in definition.contacts
    ]
    return {
        "short_ko": definition.short_title.ko[:200],
        "short_en": definition.short_title.en[:200],
        "contact": " · ".join(contacts),
        "channels": lined(channel.name.ko for channel in definition.intake.channels if channel.required),
        "purpose_ko": definition.purpose.ko,
        "purpose_en": definition.purpose.en,
        "ministry": (ministry.ko if ministry else "")[:200],
        "agency": call.operator.name[:200],
        "search": "\n".join(dict.fromkeys(folded(word) for word in words)),
        "regions": lined(regions_of(definition, call.parent_region)),
        "kinds": lined(kind.value for kind in kinds_of(definition)),
        "supports": lined(field.name.ko for field in definition.fields),
        "offices": lined(offices),
    }


def write_card(call: Call, definition: Definition) -> None:
    """Make or renew the call's card."""
    Card.objects.update_or_create(call=call, defaults=card_values(call, definition))


def kinds_of(definition: Definition) -> list[OrganisationKind]:
    """The kinds of organisations that some role takes, in the order of their declaration; every kind where no rule narrows a role."""
    taken: set[OrganisationKind] = set()
    for role in definition.consortium.roles:
        narrowed = [
            set(rule.kinds)
            for rule in definition.rules
            if isinstance(rule, AllowedKinds | RequiredRole) and role.id in rule.roles and rule.kinds
        ]
        taken |= set.intersection(*narrowed) if narrowed else set(OrganisationKind)
    return [kind for kind in OrganisationKind if kind in taken]


def regions_of(definition: Definition, parent_region: str) -> list[str]:
    """Codes of the regions from which one applies; none where the call narrows it to none."""
    for rule in definition.rules:
        if isinstance(rule, ApplicantRegions):
            if rule.from_parent and parent_region:
                return [parent_region]
            if rule.regions:
                return list(rule.regions)
    return []
