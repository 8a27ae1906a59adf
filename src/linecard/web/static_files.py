"""Static files under names that contain their content's hash, so that browsers keep them for good."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Only these hold modules that import each other: to look for imports in megabytes of vendored bundles takes seconds.
_ROOMS = ("accounts", "customers", "importing", "messaging", "web")
_, _IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]  # not in stubs
# Django would follow source maps too, but vendored files name some that are not shipped.
_STYLES = tuple(
    (glob, tuple(pattern for pattern in patterns if "sourceMappingURL" not in str(pattern)))
    for glob, patterns in HashedFilesMixin.patterns
    if glob == "*.css"
)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Whitenoise's storage, with the imports inside our JavaScript modules rewritten too."""

    patterns = (*_STYLES, *((f"{room}/*.js", _IMPORTS) for room in _ROOMS))

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one where nothing has been collected, as in tests."""
        if not self.hashed_files:
            return name
        hashed: str = super().stored_name(name)
        return hashed
