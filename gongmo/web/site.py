"""The site behind its gate, with every page's code. Nothing in it belongs to one process: it is made once, before processes are forked."""

import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongmo.web.settings")

_site = get_wsgi_application()

from gongmo.web.shedding import Gate, places_from_environment  # noqa: E402 - needs models, which are there only now

application = Gate(_site, places_from_environment())
# Every page's code and the layout now: a fault shows at the start, and the first visitor does not wait.
_ = get_resolver().url_patterns, get_template("error.html")
