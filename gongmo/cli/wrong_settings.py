"""Says which settings stop the start: all of them, each with what to set, and the names that are no settings."""

import importlib
import os
from typing import Any

from gongmo.cli import output


def tell(error: Exception, *, as_json: bool = False) -> int:
    """Print every setting that cannot be used (gongmo.web.wrong), misspelt names too. Returns the exit code.

    Another fault of the configuration has no parts and is printed as it is.
    """
    problems = [(each.name, each.ko, each.en) for each in getattr(error, "problems", ())]
    variables: Any = importlib.import_module("gongmo.operation.variables")
    for name, meant in variables.unknown(os.environ):
        problems.append(
            (
                name,
                "이런 설정은 없습니다." + (f" {meant}를 쓰려던 것 같습니다." if meant else " 지워 주세요."),
                "is no setting." + (f" {meant} was probably meant." if meant else ""),
            )
        )
    if as_json:
        told = [
            {"name": "settings", "level": "mend", "setting": name, "told": {"ko": ko, "en": f"{name} {en}"}}
            for name, ko, en in problems
        ]
        output.print_json(told or [{"name": "settings", "level": "mend", "told": {"en": str(error)}}])
        return output.UNUSABLE
    output.complain(
        f"설정 {len(problems)}가지가 잘못되어 시작할 수 없습니다. 모두 고친 뒤 다시 실행해 주세요. / "
        "The start is refused: mend all of these settings."
        if problems
        else "설정이 잘못되어 시작할 수 없습니다. / The start is refused."
    )
    for name, ko, en in problems:
        output.complain(f"  {name}: {ko} / {en}")
    if not getattr(error, "problems", ()):
        output.complain(f"  {error}")
    output.complain("설정마다의 뜻: docs/settings.md, gongmo doctor --settings")
    return output.UNUSABLE
