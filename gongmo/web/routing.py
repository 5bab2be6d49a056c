"""Finding the view of an address: only what can be its own is asked.

Django asks every pattern of every app in turn. Here only the apps are asked that have addresses beginning with the address's first word, and
in an app first the pattern that took an address of the same shape before (the same but for its numbers and the tokens of rows).
"""

import re
from functools import cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, include
from django.urls.converters import IntConverter, PathConverter, SlugConverter, StringConverter
from django.urls.exceptions import Resolver404
from django.urls.resolvers import ResolverMatch, RoutePattern

from gongmo.kernel.numbers import SHAPE
from gongmo.web.numbers import CONVERTERS

_BEGINNING = re.compile(r"\^([a-z-]+)/")
"""A regular expression's first word, where it is fixed."""
_NUMBER = re.compile("[0-9]+")
_TOKEN = re.compile(f"(?:(?<=/)|^){SHAPE}(?=/|$)")
_ANY_TOKEN = "a" * 13
_LONGEST = 300
_ALIKE = frozenset({IntConverter, *CONVERTERS.values(), StringConverter, SlugConverter, PathConverter})
"""Converters to which one number is as good as another, and one token as another."""
_SHAPES = 4096
"""Shapes that an app remembers: beyond them it begins anew (addresses hold words that anybody may make up)."""


class App(URLResolver):
    """An app's addresses, included at the root."""

    @cached_property
    def beginnings(self) -> frozenset[str] | None:
        """The first words of its addresses, None where one of them begins with anything."""
        return _beginnings(self.url_patterns)

    @cached_property
    def _alone(self) -> dict[str, URLResolver] | None:
        """Each shape's pattern, as an app of this one alone. None where a pattern tells numbers apart: then a shape says nothing."""
        alike = all(
            isinstance(each, URLPattern) and _takes_any_number(each.pattern) for each in self.url_patterns
        )
        return {} if alike else None

    def resolve(self, path: Any) -> ResolverMatch:
        begun, text = self.beginnings, str(path)
        if begun is not None and text.partition("/")[0] not in begun:
            raise Resolver404({"tried": [], "path": path})
        known = self._alone
        # A number beyond what Python reads is none to a pattern: such an address says nothing about others of its shape.
        if known is None or len(text) > _LONGEST:
            return self._searched(path)
        shape = _NUMBER.sub("0", _TOKEN.sub(_ANY_TOKEN, text))
        alone = known.get(shape)
        if alone is not None:
            return alone.resolve(path)
        found = self._searched(path)
        pattern = next(each for each in self.url_patterns if str(each.pattern) == found.route)
        if len(known) >= _SHAPES:
            known.clear()
        known[shape] = URLResolver(
            self.pattern, [pattern], {}, app_name=self.app_name, namespace=self.namespace
        )
        return found

    def _searched(self, path: Any) -> ResolverMatch:
        found: ResolverMatch = super().resolve(path)
        return found


class Apps(URLResolver):
    """Every app's addresses at the root."""

    @cached_property
    def _by_word(self) -> dict[str, URLResolver]:
        every = [each.beginnings if isinstance(each, App) else None for each in self.url_patterns]
        words = {word for begun in every if begun is not None for word in begun}
        return {word: self._of(word) for word in words}

    @cached_property
    def _others(self) -> URLResolver:
        return self._of("\0")

    def _of(self, word: str) -> URLResolver:
        taking = [
            each
            for each in self.url_patterns
            if not isinstance(each, App) or each.beginnings is None or word in each.beginnings
        ]
        return URLResolver(self.pattern, taking, {})

    def resolve(self, path: Any) -> ResolverMatch:
        found: ResolverMatch = self._by_word.get(str(path).partition("/")[0], self._others).resolve(path)
        return found


def _takes_any_number(pattern: Any) -> bool:
    """Whether an address of that pattern stays one when its numbers and tokens are others, and another's never becomes one."""
    return (
        isinstance(pattern, RoutePattern)
        and all(type(each) in _ALIKE for each in pattern.converters.values())
        and not _NUMBER.search(words := re.sub("<[^>]*>", "", str(pattern)))
        and not _TOKEN.search(words)
    )


def _beginnings(patterns: list[Any]) -> frozenset[str] | None:
    found: set[str] = set()
    for each in patterns:
        route = each.pattern
        if isinstance(each, URLPattern) and (fixed := _BEGINNING.match(str(route))):
            found.add(fixed[1])
            continue
        if not isinstance(each, URLPattern | URLResolver) or not isinstance(route, RoutePattern):
            return None
        word, slash, _ = str(route).partition("/")
        if "<" in word:
            return None
        if isinstance(each, URLResolver) and not slash:
            below = _beginnings(each.url_patterns) if not word else None
            if below is None:
                return None
            found |= below
        else:
            found.add(word)
    return frozenset(found)


def app(urls: Any) -> App:
    """`path("", include(urls))`, asked only for what can be its own."""
    module, name, namespace = include(urls)
    return App(RoutePattern("", is_endpoint=False), module, {}, app_name=name, namespace=namespace)


def apps(every: list[Any]) -> Apps:
    """The addresses of all apps."""
    return Apps(RoutePattern("", is_endpoint=False), every, {})
