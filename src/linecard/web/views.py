"""Pages that belong to no domain: health, metrics, documentation, and what goes wrong before any view."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog
from prometheus_client import CONTENT_TYPE_LATEST

from linecard.web import documentation, metrics, readiness
from linecard.web.middleware.problems import is_api
from linecard.web.problems import problem
from linecard.web.shell import navigation

PICTURE_CACHING = "private, max-age=300"
TEXTS_CACHING = "private, max-age=3600"


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The process is up; asks nothing else."""
    return JsonResponse({"status": "up"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether this installation can work, check by check; 503 when one fails."""
    checks = readiness.check_all()
    ok = all(check.ok for check in checks)
    body = {
        "status": "ready" if ok else "not ready",
        "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in checks},
    }
    return JsonResponse(body, status=HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE)


@login_not_required
@require_safe
def measurements(request: HttpRequest) -> HttpResponse:
    """The metrics, for Prometheus."""
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


@login_not_required
@require_safe
def script_texts(request: HttpRequest, language: str) -> HttpResponseBase:
    """The texts of our scripts in a language, for ``js/texts.js``."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        response = JavaScriptCatalog.as_view()(request)
    response["Cache-Control"] = TEXTS_CACHING
    return response


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """On to the first page of the navigation that this user sees; to their own account where there is none."""
    links = [*navigation.links(request)]
    links += [link for menu in navigation.menus(request) for group in menu.groups for link in group.links]
    return redirect(links[0].url if links else "account")


@require_safe
def docs(request: HttpRequest, page: str = "") -> HttpResponseBase:
    """A page of the documentation, or a picture that one shows."""
    if picture := documentation.find_picture(page):
        return FileResponse(picture.open("rb"), headers={"Cache-Control": PICTURE_CACHING})
    found = documentation.find_page(page.strip("/"), _docs_address)
    if found is None:
        raise Http404
    context = {
        "page": found,
        "folders": documentation.list_folders(),
        "opened": {found.slug, found.slug.rpartition("/")[0]},
    }
    return render(request, "web/documentation.html", context)


def _docs_address(slug: str) -> str:
    return reverse("docs-page", args=[slug]) if slug else reverse("docs")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: usually a page left open over a sign-in in another tab."""
    if is_api(request):
        return problem(403, detail="The request came without the page's CSRF token.")
    return render(request, "web/csrf_failed.html", status=HTTPStatus.FORBIDDEN)
