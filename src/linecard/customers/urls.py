"""The pages of the customers room."""

from django.urls import path

from linecard.customers.views import (
    bulk,
    card,
    clis,
    contacts,
    foresight,
    form,
    handing_over,
    history,
    notes,
    pending,
    works,
)
from linecard.customers.views import list as cards

app_name = "customers"

_CARD = "customers/<int:customer_id>/"

urlpatterns = [
    path("customers/", cards.customer_list, name="list"),
    path("customers/bulk/form/", bulk.edit_form, name="bulk-form"),
    path("customers/bulk/preview/", bulk.preview, name="bulk-preview"),
    path("customers/bulk/edit/", bulk.begin, name="bulk-edit"),
    path("bulk-works/", works.all_works, name="bulk-works"),
    path("bulk-works/query/", works.query_works, name="bulk-works-query"),
    path("bulk-works/<int:work_id>/", works.one_work, name="bulk-work"),
    path("bulk-works/<int:work_id>/query/", works.query_results, name="bulk-results-query"),
    path("bulk-works/<int:work_id>/undo/", works.undo, name="bulk-undo"),
    path("customers/new/", form.new_customer, name="new"),
    path("customers/new/preview/", foresight.preview_new, name="new-preview"),
    path(_CARD, card.main, name="card"),
    path(f"{_CARD}edit/", form.edit_customer, name="edit"),
    path(f"{_CARD}edit/preview/", foresight.preview_edit, name="edit-preview"),
    path(f"{_CARD}edit/news/", foresight.news, name="edit-news"),
    path(f"{_CARD}archive/", card.archive, name="archive"),
    path(f"{_CARD}restore/", card.restore, name="restore"),
    path(f"{_CARD}contacts/new/", contacts.add, name="contact-new"),
    path(f"{_CARD}contacts/<int:contact_id>/", contacts.edit, name="contact"),
    path(f"{_CARD}contacts/<int:contact_id>/verify/", contacts.verify, name="contact-verify"),
    path(f"{_CARD}contacts/<int:contact_id>/delete/", contacts.delete, name="contact-delete"),
    path(f"{_CARD}notes/new/", notes.add, name="note-new"),
    path(f"{_CARD}notes/<int:note_id>/", notes.edit, name="note"),
    path(f"{_CARD}notes/<int:note_id>/delete/", notes.delete, name="note-delete"),
    path(f"{_CARD}clis/", clis.approved, name="clis"),
    path(f"{_CARD}clis/<int:cli_id>/", clis.edit, name="cli"),
    path(f"{_CARD}clis/<int:cli_id>/delete/", clis.delete, name="cli-delete"),
    path(f"{_CARD}pending/", pending.of_card, name="pending"),
    path(f"{_CARD}history/", history.of_card, name="history"),
    path("account-managers/<int:user_id>/hand-over/", handing_over.hand_over, name="hand-over"),
    path("pending-changes/", pending.delay_log, name="delay-log"),
    path("pending-changes/query/", pending.query_changes, name="changes-query"),
    path("pending-changes/cancel/", pending.cancel_selected, name="changes-cancel"),
    path("pending-changes/run/", pending.run_selected, name="changes-run"),
    path("pending-changes/<int:change_id>/", pending.one_change, name="change"),
    path("pending-changes/<int:change_id>/cancel/", pending.cancel, name="change-cancel"),
    path("pending-changes/<int:change_id>/run/", pending.run, name="change-run"),
]
