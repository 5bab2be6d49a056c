"""A call on paper: PDF and HWPX of a frozen version, made once by a task and kept as files."""

import io
from threading import Lock

from django.db import transaction
from django.utils import translation

from gongmo.calls.models import CallVersion, Print
from gongmo.calls.paper import call_paper
from gongmo.calls.queries import definition_of
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.papers import Language, to_hwpx, to_pdf

LANGUAGES: tuple[Language, ...] = ("ko", "en")
FORMS = ("pdf", "hwpx")
_WRITERS = {"pdf": to_pdf, "hwpx": to_hwpx}
_lock = Lock()


def printed(version: CallVersion, language: Language, form: str) -> Print:
    """The version's print, made now where no task has made it yet (well under a second, once)."""
    found = _known(version, language, form)
    if found is not None:
        return found
    # One at a time in a process: whoever waited finds it made.
    with _lock:
        return _known(version, language, form) or make(version, language, form)


def make(version: CallVersion, language: Language, form: str) -> Print:
    """Print the version and keep the file. The first of two at once stands."""
    texts = {"ko": version.announcement_ko, "en": version.announcement_en}
    with translation.override(language):
        paper = call_paper(
            version.call, definition_of(version), language, texts[language] or version.announcement_ko
        )
    stored = store(stream=io.BytesIO(_WRITERS[form](paper)), name=f"{version.call.slug}.{form}")
    with transaction.atomic():
        return Print.objects.get_or_create(
            version=version,
            language=language,
            form=form,
            defaults={"file": stored, "made_at": clock.now()},
        )[0]


def _known(version: CallVersion, language: str, form: str) -> Print | None:
    return Print.objects.select_related("file").filter(version=version, language=language, form=form).first()
