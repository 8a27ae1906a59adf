"""The web application as servers see it."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from linecard.config.file_uploads import bytes_of_file_upload
from linecard.web.bounded_bodies import bounded
from linecard.web.lent_connections import LentConnections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linecard.config.settings")
application = bounded(
    LentConnections(get_asgi_application()),
    max_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    wider=bytes_of_file_upload,
)
