"""The settings of the server that the journeys talk to: those of the tests, with real static files."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "e2e.urls"
STATIC_ROOT = Path(os.environ["LINECARD_E2E_STATIC"])
