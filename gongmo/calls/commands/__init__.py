"""Every change of a call: publish, correct, extend, close, cancel, finish, ask, answer."""

from gongmo.calls.commands.correct import correct
from gongmo.calls.commands.lifetime import cancel, close, extend, finish
from gongmo.calls.commands.publish import publish
from gongmo.calls.commands.questions import answer, ask

__all__ = ["answer", "ask", "cancel", "close", "correct", "extend", "finish", "publish"]
