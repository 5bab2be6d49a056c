"""Who acts: one value passed to every command (design: identity of a person's act)."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """In which capacity a person acts. Identifiers follow programme.md's table of who is who."""

    MINISTRY = "ministry"
    AGENCY = "agency"
    TASK_FORCE = "task_force"
    APPLICANT = "applicant"
    EVALUATOR = "evaluator"
    OPERATOR = "operator"
    SYSTEM = "system"
    PUBLIC = "public"


class OrganisationRole(StrEnum):
    """What a person may do inside the own organisation."""

    OWNER = "owner"
    WRITER = "writer"
    SIGNER = "signer"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person's act: who, in which role, for which organisation, from where. The instant comes from the clock.

    `person` is the person's id (None for the system and the public), `organisation` the organisation's id,
    `organisation_role` the role inside it, `origin` a short word for the door used ("web", "cli", "api", "rehearsal", "system"),
    `address` the network address or "".
    """

    role: Role
    person: int | None = None
    name: str = ""
    organisation: int | None = None
    organisation_name: str = ""
    organisation_role: OrganisationRole | None = None
    origin: str = "web"
    address: str = ""

    def acting_as(self, role: Role) -> "Actor":
        """The same person in another role (a task force's officer who also runs a regional call)."""
        return replace(self, role=role)

    def record(self) -> dict[str, str | int | None]:
        """What the ledger keeps of the actor: ids and roles, no personal data beyond the display name."""
        return {
            "role": self.role.value,
            "person": self.person,
            "organisation": self.organisation,
            "organisation_name": self.organisation_name,
            "origin": self.origin,
        }


PUBLIC = Actor(role=Role.PUBLIC)


def system(origin: str = "system") -> Actor:
    """The software itself, acting on a schedule (closing a call, re-checks)."""
    return Actor(role=Role.SYSTEM, name="공모 시스템", origin=origin)
