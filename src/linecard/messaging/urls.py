"""The pages of the messaging room, and where the SMS service calls."""

from django.urls import path

from linecard.messaging.views import frames, hooks, logs, sending, sends, templates

app_name = "messaging"

urlpatterns = [
    path("email-log/", logs.email_log, name="email-log"),
    path("email-log/query/", logs.query_emails, name="email-log-query"),
    path("sms-log/", logs.sms_log, name="sms-log"),
    path("sms-log/query/", logs.query_sms, name="sms-log-query"),
    path("messages/<int:message_id>/", logs.message, name="message"),
    path("messages/<int:message_id>/html/", logs.html, name="html"),
    path("messages/<int:message_id>/retry/", logs.retry, name="retry"),
    path("sends/", sends.all_sends, name="sends"),
    path("sends/query/", sends.query_sends, name="sends-query"),
    path("sends/<int:send_id>/", sends.send, name="send"),
    path("sends/<int:send_id>/state/", sends.send_state, name="send-state"),
    path("sends/<int:send_id>/query/", sends.query_send, name="send-query"),
    path("sends/<int:send_id>/stop/", sends.stop, name="stop"),
    path("sends/<int:send_id>/retry/", sends.retry, name="retry-all"),
    path("customers/<int:customer_id>/messages/", logs.of_card, name="of-card"),
    path("send/form/", sending.form, name="form"),
    path("send/preview/", sending.preview, name="preview"),
    path("send/frame/", frames.preview_frame, name="preview-frame"),
    path("send/begin/", sending.begin, name="begin"),
    path("templates/", templates.all_templates, name="templates"),
    path("templates/new/", templates.new, name="template-new"),
    path("templates/preview/", templates.preview, name="template-preview"),
    path("templates/<int:template_id>/", templates.template, name="template"),
    path("templates/<int:template_id>/reset/", templates.reset, name="template-reset"),
    path("templates/<int:template_id>/delete/", templates.delete, name="template-delete"),
    path("hooks/sms-status/", hooks.sms_status, name="sms-status"),
]
