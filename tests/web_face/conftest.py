"""The macros alone, in Gongmo's own Jinja2 environment: undefined names are errors, texts are Korean unless asked."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import gongmo.web
from gongmo.web import jinja

TEMPLATES = Path(gongmo.web.__file__).parent / "templates"


@cache
def environment(language: str = "ko") -> Environment:
    made = jinja.environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined)

    def t(ko: str, en: str = "") -> str:
        return en if language == "en" and en else ko

    made.globals.update(
        t=t, static=lambda path: f"/static/{path}", url=lambda name: "/" + name.replace(":", "/")
    )
    return made


Show = Callable[..., BeautifulSoup]


@pytest.fixture
def show() -> Show:
    """Renders a piece of template in which `krds` is imported; values are given by name."""

    def render(piece: str, language: str = "ko", **values: Any) -> BeautifulSoup:
        source = '{% import "krds/all.html" as krds %}' + piece
        return BeautifulSoup(environment(language).from_string(source).render(values), "html.parser")

    return render
