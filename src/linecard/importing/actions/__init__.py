"""What changes uploads. Each function is one change that somebody asks for; ``UploadWork`` carries it out."""

from linecard.importing.actions.choosing import apply_upload, check_upload, target_of, undo_upload
from linecard.importing.actions.receiving import (
    begin_upload,
    choose_sheet,
    discard_upload,
    finish_upload,
    forget_mapping,
    piece_count,
    receive_file,
    receive_piece,
)
from linecard.importing.actions.work import UploadWork

__all__ = [
    "UploadWork",
    "apply_upload",
    "begin_upload",
    "check_upload",
    "choose_sheet",
    "discard_upload",
    "finish_upload",
    "forget_mapping",
    "piece_count",
    "receive_file",
    "receive_piece",
    "target_of",
    "undo_upload",
]
