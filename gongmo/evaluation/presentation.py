"""Which stage of a call is the one at which the applicant presents."""

from gongmo.definition.evaluation import Stage
from gongmo.definition.model import Definition


def presentation_stage(definition: Definition) -> Stage | None:
    """The scored stage with a presenter; without one the last scored stage, at which visits may still inform the scores."""
    scored = definition.evaluation.scored_stages()
    presented = [stage for stage in scored if stage.presenter != "none"]
    return presented[-1] if presented else (scored[-1] if scored else None)
