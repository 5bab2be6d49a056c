"""Tags for the pages that stay Django templates (sign-in): they borrow the one layout and the one set of macros."""

from datetime import datetime
from typing import Any

from django import template
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.template import Context, Node, NodeList, engines
from django.template.base import Parser, Token
from django.utils.safestring import SafeString, mark_safe

from gongmo.kernel import korean
from gongmo.web import second_factor as factor
from gongmo.web.acting import withheld_from
from gongmo.web.jinja import t

register = template.Library()

# A hint that vanishes while typing helps nobody, and the label says the same.
_NO_PLACEHOLDER = {"placeholder": None}


def _macros() -> Any:
    """The macros of krds/all.html as Python callables."""
    return engines["jinja2"].env.get_template("krds/all.html").module  # type: ignore[attr-defined]


class PageNode(Node):
    """Title and content, rendered by Django, inside the layout, rendered by Jinja2."""

    child_nodelists = ("title", "content")

    def __init__(self, title: NodeList, content: NodeList) -> None:
        self.title = title
        self.content = content

    def render(self, context: Context) -> SafeString:
        shell = engines["jinja2"].get_template("account/shell.html")
        values = {"title": self.title.render(context).strip(), "body": self.content.render(context)}
        return mark_safe(shell.render(values, context["request"]))  # noqa: S308 - both engines have escaped


@register.tag
def face_page(parser: Parser, token: Token) -> PageNode:
    """`{% face_page %}title{% face_content %}content{% endface_page %}`: a whole page in Gongmo's layout."""
    title = parser.parse(("face_content",))
    parser.delete_first_token()
    content = parser.parse(("endface_page",))
    parser.delete_first_token()
    return PageNode(title, content)


@register.simple_tag(takes_context=True)
def say(context: Context, ko: str, en: str, **values: object) -> str:
    """`{% say "한국어" "English" name=value %}`: the sentence in the reader's language. Not `as` a variable in markup of its own."""
    return t(ko, en, **values)


@register.simple_tag(takes_context=True)
def second_factor(context: Context) -> dict[str, Any]:
    """`wanted` (the session's person holds a role that waits for a second factor) and `goes_on` (the page to go on to once it is shown)."""
    request = context["request"]
    wanted = bool(withheld_from(request))
    # After setting one up in this very request the capacities read before are old.
    if wanted and factor.used(request):
        wanted = False
    return {"wanted": wanted, "goes_on": "" if wanted else request.session.get(factor.GOES_ON, "")}


@register.filter
def stamp(value: datetime | None) -> str:
    """An instant as pages show it."""
    return "" if value is None else korean.stamp(value)


@register.filter
def browser(user_agent: str) -> str:
    """A browser and its system in two words, from what it says of itself."""
    names = (
        ("Edg/", "Edge"),
        ("Whale/", "Whale"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
    )
    found = next(
        (name for mark, name in (*names, ("Chrome/", "Chrome"), ("Safari/", "Safari")) if mark in user_agent),
        "",
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
    )
    system = next((name for mark, name in (*systems, ("Linux", "Linux")) if mark in user_agent), "")
    return " · ".join(filter(None, (found, system))) or user_agent[:60] or t("알 수 없음", "Unknown")


@register.simple_tag
def face_fields(form: BaseForm) -> SafeString:
    """Every field of a Django form with its macro, its errors summed up first."""
    macros = _macros()
    for bound in (form[name] for name in form.fields):
        bound.label = _own(bound.label)
    for errors in form.errors.values():
        errors.data = [ValidationError(_own(sentence)) for sentence in errors]
    parts = [
        macros.form_errors(form),
        *(macros.field(form[name], attrs=_NO_PLACEHOLDER) for name in form.fields),
    ]
    return mark_safe("\n".join(str(part) for part in parts))  # noqa: S308 - macros escape what they print


def _own(label: object) -> str:
    """A label or an error of Django or allauth with the word that all our pages, and the law, use."""
    return str(label).replace("이메일로", "전자우편으로").replace("이메일", "전자우편")


@register.simple_tag
def face_input(attrs: dict[str, Any], label: str, help_text: str = "") -> SafeString:
    """One input or text area described by allauth's `field` element."""
    macros = _macros()
    kind, name = attrs.get("type", "text"), attrs.get("name", "")
    extra = {key: attrs[key] for key in ("autocomplete",) if attrs.get(key)}
    extra |= {key: key for key in ("disabled", "readonly") if attrs.get(key)}
    common = {"hint": help_text, "required": bool(attrs.get("required")), "attrs": extra}
    field_id, value = attrs.get("id") or f"id_{name}", attrs.get("value", "")
    if kind in ("checkbox", "radio"):
        made = macros.choice(kind, field_id, name, label, value, bool(attrs.get("checked")), **common)
    elif kind == "textarea":
        made = macros.textarea(field_id, name, label, value, rows=attrs.get("rows") or 6, **common)
    else:
        made = macros.text_input(field_id, name, label, value, type=kind, **common)
    return mark_safe(f"{attrs.get('errors') or ''}{made}")  # noqa: S308 - macros escape; errors is Django's own list
