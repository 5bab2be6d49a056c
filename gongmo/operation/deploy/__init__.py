"""Checks before an installation goes live, and whenever it misbehaves: `gongmo doctor --deploy`."""

from gongmo.operation.deploy.findings import Check, Finding, Level, checks, examine, examine_all

__all__ = ["Check", "Finding", "Level", "checks", "examine", "examine_all"]
