"""Static files under names that contain their content's hash, so that browsers keep them for good."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Vendored files name source maps that are not shipped; only a debugger would ask for them.
WITHOUT_SOURCE_MAPS = tuple(
    (glob, tuple(pattern for pattern in patterns if "sourceMappingURL" not in str(pattern)))
    for glob, patterns in HashedFilesMixin.patterns
)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Whitenoise's storage, with the imports inside JavaScript modules rewritten too."""

    support_js_module_import_aggregation = True
    patterns = WITHOUT_SOURCE_MAPS

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one where nothing has been collected, as in tests."""
        if not self.hashed_files:
            return name
        hashed: str = super().stored_name(name)
        return hashed
