"""Where others call us: the SMS service, with what became of a message."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from linecard.kernel.errors import Conflict, Forbidden
from linecard.messaging.callback import take_status


@csrf_exempt  # it has no session; its signature is checked instead
@login_not_required
@require_POST
def sms_status(request: HttpRequest) -> HttpResponse:
    """Tidings of an SMS. Answers 401 to whoever has not signed them with the account's token."""
    try:
        take_status(
            request.POST.dict(),
            message=request.GET.get("message", ""),
            query=request.META.get("QUERY_STRING", ""),
            signature=request.headers.get("X-Twilio-Signature", ""),
        )
    except (Forbidden, Conflict):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
