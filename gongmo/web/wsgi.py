"""What the server runs."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongmo.web.settings")

application = get_wsgi_application()
# Load every page's code now: a fault shows at the start, and the first visitor does not wait.
_ = get_resolver().url_patterns
