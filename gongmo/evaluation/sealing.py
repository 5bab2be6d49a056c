"""The seal of a locked sheet: a hash in the ledger that fixes points and texts at once, and shows them only when the stage is locked.

Points are few enough to be guessed from a bare hash; a secret goes in with them, and comes out with the points.
"""

from django.utils.crypto import salted_hmac

from gongmo.evaluation.models import ScoreSheet
from gongmo.kernel.canonical import digest
from gongmo.rules.ranking.exact import text


def points_of(sheet: ScoreSheet) -> dict[str, str]:
    """Points by criterion in one spelling; criteria without points are left out. Reads `scores` (prefetched or not)."""
    return {score.criterion: text(score.points) for score in sheet.scores.all() if score.points is not None}


def sealed_texts(sheet: ScoreSheet) -> str:
    """Hash of comments and overall opinion, whose words stay out of the ledger."""
    comments = {score.criterion: score.comment for score in sheet.scores.all() if score.comment}
    return digest({"comments": comments, "opinion": sheet.overall_opinion})


def new_seal(sheet: ScoreSheet) -> str:
    """A secret for this sheet at this revision, that nobody outside this installation can compute."""
    secret = salted_hmac("gongmo.evaluation.seal", f"{sheet.pk}:{sheet.revision}", algorithm="sha256")
    return secret.hexdigest()


def commitment(sheet: int, seal: str, points: dict[str, str], texts: str) -> str:
    """The hash that the ledger keeps when a sheet is locked."""
    return digest({"sheet": sheet, "seal": seal, "points": points, "texts": texts})
