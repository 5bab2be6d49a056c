"""What the program names by an identifier has words for people."""

from collections.abc import Iterator
from typing import get_args

from django.utils.module_loading import autodiscover_modules
from pydantic import BaseModel

from gongmo.definition.labels import LABELS
from gongmo.definition.model import Definition
from gongmo.kernel.policy import catalogue
from gongmo.parties.words import AREAS


def test_every_key_of_a_definition_has_a_name() -> None:
    """The list of defaults and a correction notice name places by their keys."""
    models, waiting = set[type[BaseModel]](), [Definition]
    while waiting:
        if (model := waiting.pop()) not in models:
            models.add(model)
            waiting += [part for field in model.model_fields.values() for part in _models(field.annotation)]
    keys = {key for model in models for key in model.model_fields} - {"ko", "en"}
    assert keys - LABELS.keys() == set()


def _models(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def test_every_area_of_permissions_has_a_heading() -> None:
    autodiscover_modules("policies")
    assert {policy.name.split(".")[0] for policy in catalogue()} - AREAS.keys() == set()
