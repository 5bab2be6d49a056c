"""What of a page changes by itself with the server's clock: the clock and the time left. Holes in pages that are kept."""

from datetime import datetime

from markupsafe import Markup, escape

from gongmo.kernel import korean
from gongmo.parties.kept import Later
from gongmo.web.language import t


def stamp(value: datetime | Later | None, *, seconds: bool = False) -> str:
    """An instant in Korea time; "" for none."""
    if isinstance(value, Later):
        return value.show(lambda now: stamp(now, seconds=seconds))
    return "" if value is None else korean.stamp(value, seconds=seconds)


def clock_html(now: datetime | Later) -> str:
    """The server's clock, which a script lets run."""
    if isinstance(now, Later):
        return now.show(clock_html)
    return Markup('<time data-server-clock datetime="{}">{}</time>').format(
        now.isoformat(), korean.stamp(now)
    )


def countdown_html(closes_at: datetime, now: datetime | Later, label: str) -> str:
    """Time left until an instant. A deadline is an instant: at it, the text says that it has closed."""
    if isinstance(now, Later):
        words = escape(label)
        return now.show(lambda at: countdown_html(closes_at, at, words))
    left = int((closes_at - now).total_seconds())
    closed = escape(t("마감되었습니다", "Closed"))
    if left > 0:
        kind = " gm-countdown--soon" if left < 86400 else ""
        days = f"{left // 86400}{t('일', ' d')} " if left >= 86400 else ""
        shown = f"{days}{left % 86400 // 3600:02d}:{left % 3600 // 60:02d}:{left % 60:02d}"
        head = f'<span class="gm-countdown__label">{escape(label)}</span>'
    else:
        kind, shown, head = " gm-countdown--over", closed, ""
    # Put together by hand, as each showing of a kept page needs it: all but the label is ours, and that is escaped.
    return Markup(  # noqa: S704
        f'<span class="gm-countdown{kind}">\n{head}\n'
        f'<time class="gm-countdown__left" datetime="{closes_at.isoformat()}" data-countdown'
        f' data-day="{t("일", "d")}" data-closed="{closed}">{shown}</time>\n'
        f'<span class="gm-countdown__at">{korean.stamp(closes_at)} {t("(한국 시각)", "(Korea time)")}</span></span>'
    )
