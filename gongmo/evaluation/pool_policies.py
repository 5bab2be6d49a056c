"""Who may see and keep the pool of experts."""

from gongmo.evaluation.models import Evaluator
from gongmo.evaluation.policies import is_evaluator
from gongmo.evaluation.policies import keep_pool as keeps
from gongmo.kernel.actor import Actor
from gongmo.kernel.policy import policy


@policy(
    "evaluation.see_profile",
    ko="후보의 경력과 동의는 후보단을 관리하는 담당자와 본인만 봅니다.",
    en="An expert's career and consents are for the pool's keepers and the expert alone.",
)
def see_profile(actor: Actor, evaluator: Evaluator) -> bool:
    return keeps(actor) or is_evaluator(actor, evaluator)


@policy(
    "evaluation.keep_profile",
    ko="후보의 계열, 지역, 활동 여부는 후보단을 관리하는 담당자가 고칩니다.",
    en="The pool's keepers change an expert's sector, region and standing.",
)
def keep_profile(actor: Actor, evaluator: Evaluator) -> bool:
    return keeps(actor)


@policy(
    "evaluation.keep_career",
    ko="경력과 참석할 수 없는 날은 본인이나 후보단을 관리하는 담당자가 적습니다.",
    en="The expert or the pool's keepers enter career and days away.",
)
def keep_career(actor: Actor, evaluator: Evaluator) -> bool:
    return see_profile(actor, evaluator)


@policy(
    "evaluation.consent",
    ko="동의는 본인만 하고 거둡니다.",
    en="Only the expert gives or takes back the consents.",
)
def own_profile(actor: Actor, evaluator: Evaluator) -> bool:
    return is_evaluator(actor, evaluator)
