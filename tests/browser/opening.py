"""Opens a call of its own on a running site, with people of organisations who have not begun anything yet.

Run in the site's environment: python -m tests.browser.opening CALL_FOLDER NAME. Prints {"slug", "password", "people": {role: e-mail}} as JSON.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

PASSWORD = "gongmo-rehearsal"
ROOT = Path(__file__).resolve().parents[2]


def main(folder: str, name: str, base: str = "500000", suffix: str | None = None) -> int:
    """A call like the one in calls/<folder>, open from yesterday until tomorrow, under the slug `name`; `base` makes business numbers.

    `suffix` stands behind the organisations' names, so that several calls can be told apart (the name in brackets when None).
    """
    suffix = f" ({name})" if suffix is None else suffix
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongmo.web.settings")
    import django

    django.setup()
    from gongmo.calls import commands as calls
    from gongmo.definition.base import OrganisationKind
    from gongmo.definition.loader import load_definition
    from gongmo.kernel import clock
    from gongmo.kernel.actor import Actor, OrganisationRole, Role, system
    from gongmo.parties import commands as parties
    from gongmo.parties.checks import invented_business_number

    actor = system("opening")
    now = clock.now()

    def organisation(title: str, kind: OrganisationKind, region: str | None, seed: int) -> int:
        return parties.register_organisation(
            actor=actor,
            name=f"{title}{suffix}",
            kind=kind,
            region=region,
            business_number=invented_business_number(int(base) + seed),
            address="가상시 가상로 1",
            representative_title="기관장",
            invented=True,
        ).pk

    def person(email: str, called: str) -> int:
        return parties.register_person(
            actor=actor, email=email, display_name=called, password=PASSWORD, invented=True
        ).pk

    people: dict[str, str] = {}
    kinds = (
        ("lead", "가상테크노파크", OrganisationKind.REGIONAL_INNOVATION_AGENCY, "김주관"),
        ("government", "가상도", OrganisationKind.METROPOLITAN_GOVERNMENT, "이지방"),
        ("partner", "가상에이아이", OrganisationKind.COMPANY, "박참여"),
    )
    numbers: dict[str, str] = {}
    for seed, (role, title, kind, called) in enumerate(kinds, 1):
        email = f"{role}-{name}@example.com"
        member = person(email, called)
        found = organisation(title, kind, "KR-48", seed)
        parties.add_member(actor=actor, person_id=member, organisation_id=found, role=OrganisationRole.OWNER)
        people[role] = email
        numbers[role] = invented_business_number(int(base) + seed)
    agency = organisation("가상진흥원", OrganisationKind.PUBLIC_INSTITUTION, None, 9)
    officer = person(f"officer-{name}@example.com", "최담당")
    parties.grant_role(actor=actor, person_id=officer, role=Role.AGENCY, organisation_id=agency)
    people["officer"] = f"officer-{name}@example.com"
    with clock.at(now - timedelta(days=2)):
        call = calls.publish(
            actor=Actor(
                role=Role.AGENCY, person=officer, name="최담당", organisation=agency, origin="opening"
            ),
            definition=load_definition(ROOT / "calls" / folder),
            operator_id=agency,
            rehearsal=True,
            slug=name,
            intake=(now - timedelta(days=1), now + timedelta(days=1)),
        )
    print(
        json.dumps(
            {"slug": call.slug, "password": PASSWORD, "people": people, "numbers": numbers},
            ensure_ascii=False,
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
