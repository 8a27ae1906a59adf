"""Static files under names that contain their content's hash, so that browsers keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Whitenoise's storage, with the imports inside JavaScript modules rewritten too."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one where nothing has been collected, as in tests."""
        if not self.hashed_files:
            return name
        hashed: str = super().stored_name(name)
        return hashed
