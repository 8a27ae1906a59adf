"""Actions on many cards at once: edit, delete, restore; with a preview, results card by card, and the way back."""
