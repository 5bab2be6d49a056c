"""What everyone may read of the record: its signed checkpoints, and the proof that a later one continues an earlier one."""

from dataclasses import dataclass

from gongmo.kernel.errors import NotFound
from gongmo.ledger import merkle, signing, tree
from gongmo.ledger.models import Checkpoint


def newest_checkpoint() -> Checkpoint | None:
    """The checkpoint over the most entries. One statement."""
    return Checkpoint.objects.order_by("-size").first()


def count() -> int:
    """How many checkpoints there are."""
    return Checkpoint.objects.count()


def checkpoints(*, first: int, count: int) -> list[Checkpoint]:
    """Checkpoints, the newest first, from place `first` (0) on."""
    return list(Checkpoint.objects.order_by("-size")[first : first + count])


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the record under `later` begins with the record under `earlier` (RFC 9162, 2.1.4). Hashes as hex."""

    earlier: Checkpoint
    later: Checkpoint
    path: tuple[str, ...]

    def holds(self) -> bool:
        """Whether the path leads from the one root to the other and both signatures hold. Needs no database."""
        return merkle.verify_consistency(
            self.earlier.size,
            bytes.fromhex(self.earlier.root),
            self.later.size,
            bytes.fromhex(self.later.root),
            [bytes.fromhex(step) for step in self.path],
        ) and all(
            signing.verify(signing.statement(each.size, each.root, each.at), each.signature, each.public_key)
            for each in (self.earlier, self.later)
        )


def consistency(earlier: int, later: int) -> Consistency:
    """The proof between two checkpoints by their sizes. Raises NotFound unless both stand and the first is not the larger."""
    found = Checkpoint.objects.in_bulk([earlier, later])
    if earlier not in found or later not in found or not 0 < earlier <= later:
        raise NotFound
    path = tree.consistency_proof(earlier, later)
    return Consistency(found[earlier], found[later], tuple(step.hex() for step in path))
