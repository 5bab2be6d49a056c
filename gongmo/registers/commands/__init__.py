"""Every change of this floor: asking, keeping answers, trying a register at once."""

from gongmo.registers.commands.asking import ask
from gongmo.registers.commands.circuits import try_at_once

__all__ = ["ask", "try_at_once"]
