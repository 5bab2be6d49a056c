"""The nearest lawful budget: `fit(definition, application, keep=...) -> Fitted | Impossible`."""

from gongmo.rules.fit.nearest import fit
from gongmo.rules.fit.values import Change, Fitted, Impossible, Room

__all__ = ["Change", "Fitted", "Impossible", "Room", "fit"]
