"""What the server runs in each of its processes."""

import gc

from gongmo.web.site import application  # isort: skip - starts Django, which the models need
from gongmo.privacy import draining
from gongmo.web import running
from gongmo.web.telling import tell

__all__ = ["application"]

# Notes of the access log move into the database beside the requests.
draining.start()
# What was loaded stays: looking through it for garbage again and again would cost every request a little.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
running.accompany(lambda: tell(application.load))
