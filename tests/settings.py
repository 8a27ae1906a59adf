"""Linecard's settings, with what a test run needs otherwise.

Nothing outside a temporary folder is touched: not the machine's own data directory, not its database.
"""

import atexit
import os
import shutil
import tempfile

if "LINECARD_DATA_DIR" not in os.environ:  # the type checker and editors come without tests.postgres
    os.environ["LINECARD_DATA_DIR"] = tempfile.mkdtemp(prefix="linecard-settings-")
    atexit.register(shutil.rmtree, os.environ["LINECARD_DATA_DIR"], ignore_errors=True)

from linecard.config.settings import *
from linecard.config.settings import DATABASES

# A pooled connection that is still open would keep the test database from being dropped.
DATABASES["default"]["OPTIONS"].pop("pool")

# Argon2 is slow on purpose; a test that is about passwords chooses its own hasher.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
