"""The REST API as one whole: what it says of itself, who may call it, and where its parts are."""

from pathlib import Path

from linecard import __version__
from linecard.accounts.api import audit, groups, resellers, users
from linecard.accounts.api_auth import ANY_CALLER
from linecard.customers.api import (
    bulk,
    cards,
    clis,
    contacts,
    export,
    history,
    managers,
    notes,
    pending,
)
from linecard.importing.api import imports
from linecard.messaging.api import sends as messages
from linecard.messaging.api import templates as message_templates
from linecard.saved_views import api as saved_views
from linecard.setup import api as settings
from linecard.web import api as jobs
from linecard.web.api_document import DescribedAPI
from linecard.web.api_viewer import ApiViewer
from linecard.web.idempotency import install_idempotency
from linecard.web.problems import install_problem_handlers
from linecard.web.strict_parameters import install_strict_parameters

_DESCRIPTION = Path(__file__).with_name("api_description.md")

ROUTERS = (
    cards.router,
    export.router,
    bulk.router,
    contacts.router,
    notes.router,
    clis.router,
    pending.router,
    history.router,
    managers.router,
    imports.router,
    messages.router,
    message_templates.router,
    jobs.router,
    users.router,
    groups.router,
    resellers.router,
    audit.router,
    saved_views.router,
    settings.router,
)


def build_api() -> DescribedAPI:
    """The API with everything mounted."""
    built = DescribedAPI(
        title="Linecard",
        version=__version__,
        description=_DESCRIPTION.read_text("utf-8"),
        urls_namespace="api",
        auth=ANY_CALLER,
        docs=ApiViewer(),
    )
    install_problem_handlers(built)
    install_strict_parameters(built)
    install_idempotency(built)
    for router in ROUTERS:
        built.add_router("v1", router)
    return built


api = build_api()
