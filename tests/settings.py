"""The settings of the tests: the real ones, in a throw-away home, on the database that GONGMO_TEST_DB names.

GONGMO_TEST_DB is `sqlite` (default) or `postgres`, which starts a throw-away server (GONGMO_TEST_POSTGRES_URL names one that
runs already).
"""

import atexit
import os
import shutil
import tempfile
from typing import Any

_home = tempfile.mkdtemp(prefix="gongmo-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)

for _name in [
    name for name in os.environ if name.startswith("GONGMO_") and not name.startswith("GONGMO_TEST_")
]:
    del os.environ[_name]
os.environ["GONGMO_HOME"] = _home
os.environ["GONGMO_STATIC_HASHED"] = "0"
if os.environ.get("GONGMO_TEST_DB", "sqlite") == "postgres":
    if "GONGMO_TEST_POSTGRES_URL" not in os.environ:
        from tests.postgres import start

        # Parallel workers inherit the address.
        os.environ["GONGMO_TEST_POSTGRES_URL"] = start()
    os.environ["GONGMO_DATABASE_URL"] = os.environ["GONGMO_TEST_POSTGRES_URL"]

from gongmo.web.settings import *  # noqa: E402, F403
from gongmo.web.settings import DATABASES, GONGMO_HOME  # noqa: E402

_database: dict[str, Any] = DATABASES["default"]
if "sqlite" in _database["ENGINE"]:
    # A file, as in life: an in-memory database locks whole tables between threads.
    _database["TEST"] = {"NAME": GONGMO_HOME / "test.sqlite3"}
    _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

# Argon2 is slow on purpose; tests check behaviour, not the hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests name rows by their numbers; tests/web/test_numbers.py and tests/security/test_numbers.py ask without.
GONGMO_PLAIN_NUMBERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
