"""A small, safe Markdown for announcements: headings, paragraphs, lists, tables, quotes, emphasis, links to the web and to clauses.

`render(text)` gives HTML in which every letter of the author's is escaped: there is no way to write a tag, an attribute or an address other
than http, https, mailto and a place on the same page. What is not understood stays text. Headings begin one level below the page's part in
which they stand (`level`).
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

DEEPEST = 6
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)$")
_BULLET = re.compile(r"(\s*)[-*+]\s+(.*)$")
_NUMBER = re.compile(r"(\s*)(\d{1,4})[.)]\s+(.*)$")
_RULE = re.compile(r"(?:-\s*){3,}$|(?:\*\s*){3,}$|(?:_\s*){3,}$")
_DIVIDER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$")
_INLINE = re.compile(
    r"\\(?P<escaped>[\\`*_{}\[\]()#+\-.!|<>])"
    r"|`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>(?=\S)[^\n]{1,500}?(?<=\S))\*\*"
    r"|\*(?P<em>(?=[^\s*])[^*\n]+?(?<=\S))\*"
    r"|\[(?P<label>[^\[\]\n]{1,300})\]\((?P<href>[^()\s]{1,2000})\)"
    r"|(?P<clause>(?<![A-Za-z0-9-])[A-Z]{1,3}-\d{1,3}[a-z]?(?![A-Za-z0-9-]))"
)
_ADDRESS = re.compile(r"(?:https?://|mailto:|#)[^\s\"'<>\\]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Style:
    level: int
    clauses: Collection[str]


def render(text: str, *, level: int = 3, clauses: Collection[str] = ()) -> Markup:
    """The text as HTML. `level` is the rank of its highest headings (a leading title line, "# …", is left out: the page has one).

    Numbers of `clauses` become links to the clause on the same page (#clause-…).
    """
    lines = text.replace("\r\n", "\n").expandtabs(4).split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    if lines and lines[0].startswith("# "):
        lines.pop(0)
    return Markup("\n").join(_blocks(lines, _Style(level, frozenset(clauses))))


def plain(text: str) -> str:
    """The text without its marks, for summaries."""
    words = re.sub(r"^\s*(?:#{1,6}|[-*+]|\d+[.)]|>)\s+", "", text, flags=re.MULTILINE)
    return " ".join(re.sub(r"[*`]|\\(?=\W)", "", words).split())


def _blocks(lines: list[str], style: _Style) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif heading := _HEADING.match(line):
            # The text's second level is the first one below its title.
            rank = min(DEEPEST, style.level + max(0, len(heading[1]) - 2))
            yield Markup("<h{0}>{1}</h{0}>").format(rank, _inline(heading[2].rstrip("# "), style))
            at += 1
        elif _RULE.match(line.strip()):
            yield Markup("<hr>")
            at += 1
        elif line.lstrip().startswith(">"):
            at, inner = _while(lines, at, lambda each: each.lstrip().startswith(">"))
            quoted = [re.sub(r"^\s*>\s?", "", each) for each in inner]
            yield Markup("<blockquote>{}</blockquote>").format(Markup("\n").join(_paragraphs(quoted, style)))
        elif _starts_table(lines, at):
            at, rows = _while(lines, at, lambda each: "|" in each and bool(each.strip()))
            yield _table(rows, style)
        elif _BULLET.match(line) or _NUMBER.match(line):
            at, items = _while(lines, at, lambda each: bool(each.strip()) and not _HEADING.match(each))
            yield _list(items, style)
        else:
            at, words = _while(lines, at, lambda each: bool(each.strip()) and not _begins_block(each))
            yield from _paragraphs(words, style)


def _begins_block(line: str) -> bool:
    return bool(
        _HEADING.match(line) or _BULLET.match(line) or _NUMBER.match(line)
    ) or line.lstrip().startswith(">")


def _while(lines: list[str], at: int, wanted: Callable[[str], bool]) -> tuple[int, list[str]]:
    """The line at `at` and those after it for which `wanted` holds; and where they end."""
    end = at + 1
    while end < len(lines) and wanted(lines[end]):
        end += 1
    return end, lines[at:end]


def _paragraphs(lines: list[str], style: _Style) -> Iterator[Markup]:
    found: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            found.append(line.strip())
        elif found:
            yield Markup("<p>{}</p>").format(_inline("\n".join(found), style))
            found = []


def _list(lines: list[str], style: _Style, depth: int = 1) -> Markup:
    """Items, the less indented ones outside. A line without a mark belongs to the item before it."""
    kind = "ul" if _BULLET.match(lines[0]) else "ol"
    indent = len(lines[0]) - len(lines[0].lstrip())
    items: list[tuple[list[str], list[str]]] = []
    for line in lines:
        own = len(line) - len(line.lstrip())
        mark = _BULLET.match(line) or _NUMBER.match(line)
        if mark and (own <= indent + 1 or depth == DEEPEST):
            items.append(([mark.groups()[-1]], []))
        elif mark or items[-1][1]:
            items[-1][1].append(line)
        else:
            items[-1][0].append(line.strip())
    body = Markup("").join(
        Markup("<li>{}{}</li>").format(
            _inline("\n".join(words), style), _list(inner, style, depth + 1) if inner else Markup("")
        )
        for words, inner in items
    )
    return Markup("<{0} class='gm-list{1}'>{2}</{0}>").format(
        kind, " gm-list--ordered" if kind == "ol" else "", body
    )


def _starts_table(lines: list[str], at: int) -> bool:
    return (
        "|" in lines[at]
        and at + 1 < len(lines)
        and "|" in lines[at + 1]
        and bool(_DIVIDER.match(lines[at + 1].strip()))
    )


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))]


def _table(rows: list[str], style: _Style) -> Markup:
    head, *body = [_cells(row) for row in (rows[0], *rows[2:])]
    columns = len(head)
    top = Markup("").join(Markup("<th scope='col'>{}</th>").format(_inline(cell, style)) for cell in head)
    below = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup("<td>{}</td>").format(_inline(cell, style))
                for cell in (row + [""] * columns)[:columns]
            )
        )
        for row in body
    )
    return Markup(
        "<div class='krds-table-wrap gm-table' tabindex='0'><table class='tbl col data'><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(top, below)


def _inline(text: str, style: _Style) -> Markup:
    parts: list[Markup] = []
    at = 0
    for match in _INLINE.finditer(text):
        parts.append(escape(text[at : match.start()]))
        parts.append(_mark(match, style))
        at = match.end()
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def _mark(match: re.Match[str], style: _Style) -> Markup:
    kind = match.lastgroup
    if kind == "escaped":
        return escape(match["escaped"])
    if kind == "code":
        return Markup("<code>{}</code>").format(match["code"])
    if kind == "strong":
        return Markup("<strong>{}</strong>").format(_inline(match["strong"], style))
    if kind == "em":
        return Markup("<em>{}</em>").format(_inline(match["em"], style))
    if kind == "clause":
        found = match["clause"]
        if found not in style.clauses:
            return escape(found)
        return Markup("<a class='gm-link' href='#clause-{0}'>{0}</a>").format(found)
    if not _ADDRESS.match(match["href"]):
        return escape(match[0])
    outside = Markup("") if match["href"].startswith("#") else Markup(" rel='noopener noreferrer nofollow'")
    return Markup("<a class='gm-link' href='{}'{}>{}</a>").format(match["href"], outside, match["label"])
