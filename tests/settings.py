"""Linecard's settings, with what a test run needs otherwise.

Nothing of the machine's own installation is touched: not its data directory, not its database.
"""

import os
from pathlib import Path

# tests.postgres decides for test runs; the type checker and editors get a folder that git ignores
os.environ.setdefault("LINECARD_DATA_DIR", str(Path(__file__).parents[1] / ".linecard" / "types"))

from linecard.config.settings import *
from linecard.config.settings import DATABASES, STATIC_ROOT

# A pooled connection that is still open would keep the test database from being dropped.
DATABASES["default"]["OPTIONS"].pop("pool")

# A test's transaction stays open for as long as the test takes, however much else the machine has to do.
DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"

# Argon2 is slow on purpose; a test that is about passwords chooses its own hasher.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Nothing is collected for tests, but the middleware that serves it warns of a missing folder.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
