"""Every change of this floor: asking, keeping answers, having a number verified, trying a register at once."""

from gongmo.registers.commands.asking import ask
from gongmo.registers.commands.circuits import try_at_once
from gongmo.registers.commands.forgetting import forget
from gongmo.registers.commands.verifying import verify_number

__all__ = ["ask", "forget", "try_at_once", "verify_number"]
