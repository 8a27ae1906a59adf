"""Django's settings. What differs between machines comes from ``environment``."""

from pathlib import Path
from typing import Any

from linecard import embedded
from linecard.config import environment
from linecard.config.secret_key import sealing_key, secret_key

DATA_DIR = environment.data_dir()
SECRET_KEY = secret_key(DATA_DIR)
SEALING_KEY = sealing_key(DATA_DIR)
DEBUG = False
ALLOWED_HOSTS = environment.allowed_hosts()
CSRF_TRUSTED_ORIGINS = environment.trusted_origins()

INSTALLED_APPS = [
    "linecard.messaging",
    "linecard.customers",
    "linecard.importing",
    "linecard.saved_views",
    "linecard.setup",
    "linecard.accounts",
    "linecard.audit",
    "linecard.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "linecard.web.middleware.requests.observe_requests",
    "linecard.web.middleware.headers.secure_headers",
    "linecard.web.middleware.problems.tell_problems",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linecard.accounts.middleware.KnownSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linecard.accounts.middleware.guard_sessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "linecard.web.middleware.regional.keep_regional",
    "linecard.accounts.middleware.use_own_time_zone",
    "linecard.accounts.middleware.use_own_language",
    "linecard.web.middleware.refusals.TellRefusals",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "linecard.config.urls"
ASGI_APPLICATION = "linecard.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n"],  # every template has texts
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linecard.web.shell.shell",
                "linecard.accounts.templating.may",
            ],
        },
    },
]

FORM_RENDERER = "linecard.web.form_renderer.FormRenderer"

# A snapshot held open keeps old row versions alive and slows the hottest rows down, so nothing that serves may
# hold one for longer. Commands such as migrate take theirs off.
SERVING_LIMITS = "-c statement_timeout=5s -c idle_in_transaction_session_timeout=5s"


def _database() -> dict[str, Any]:
    url = environment.own_database_url()
    parameters = environment.connection_parameters(url) if url else embedded.connection_parameters(DATA_DIR)
    django_names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    extra = {key: value for key, value in parameters.items() if key not in django_names}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django_names[key]: value for key, value in parameters.items() if key in django_names},
        # a restarted database costs nobody an error: a dead connection is noticed before it is handed out
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **extra,
            "options": f"{extra.get('options', '')} {SERVING_LIMITS}".strip(),
            # under ASGI every request runs in a thread of its own: a pool, not per-thread connections
            "pool": {"min_size": 2, "max_size": 20, "timeout": 10},
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"

# Ten wrong passwords from one address for one name close that pair for a quarter of an hour: slow enough
# against guessing, and nobody else can lock a user out from elsewhere.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_USERNAME_FORM_FIELD = "username"  # what authenticate() is given; not the model's own field
AXES_CLIENT_IP_CALLABLE = "linecard.accounts.origin.guessing_address_of"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying meanwhile does not make it longer
AXES_LOCKOUT_CALLABLE = "linecard.accounts.views.sign_in.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "linecard.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "linecard.web.views.csrf_failed"
# Set by the reverse proxy that speaks TLS; without one the server listens on loopback only.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["linecard.web.uploaded_files.UnnamedFiles"]
MAX_UPLOAD_BYTES = environment.max_upload_bytes()

# What people read stands in English in the code. A language is added here and below LOCALE_PATHS: see architecture.md.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "linecard.web.static_files.HashedStaticFiles"},
}
WHITENOISE_MAX_AGE = 60

# The documentation of this very version, shown under /docs/.
DOCS_DIR = Path(__file__).resolve().parents[3] / "docs"

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING_CONFIG = "linecard.web.logs.configure"
LOGGING: dict[str, Any] = {"level": "INFO"}
