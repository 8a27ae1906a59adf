"""The web application as servers see it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linecard.config.settings")
application = get_asgi_application()
