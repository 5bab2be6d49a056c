"""What calls leave to the queue: every new version is printed before somebody asks for it."""

from gongmo.calls.models import CallVersion
from gongmo.tasks import task


@task(name="calls.print", retries=3, ko="공고를 PDF와 HWPX로 만듭니다", en="Print a call as PDF and HWPX")
def print_version(*, version: int) -> None:
    """Print a version in both languages and both forms."""
    from gongmo.calls import prints

    found = CallVersion.objects.select_related("call").get(pk=version)
    for language in prints.LANGUAGES:
        for form in prints.FORMS:
            prints.printed(found, language, form)
