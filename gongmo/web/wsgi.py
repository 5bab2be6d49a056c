"""What the server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongmo.web.settings")

_site = get_wsgi_application()

from gongmo.privacy import draining  # noqa: E402 - needs models, too
from gongmo.web import running  # noqa: E402 - needs models, which are there only now
from gongmo.web.shedding import Gate, places_from_environment  # noqa: E402
from gongmo.web.telling import tell  # noqa: E402

application = Gate(_site, places_from_environment())
# Load every page's code and the layout now: a fault shows at the start, and the first visitor does not wait.
_ = get_resolver().url_patterns, get_template("error.html")
# Notes of the access log move into the database beside the requests.
draining.start()
# What was loaded stays: looking through it for garbage again and again would cost every request a little.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
running.accompany(lambda: tell(application.load))
