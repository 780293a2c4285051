"""All settings, complete for the embedded default; `local`, `test` and `production` change a few.

What differs between installations comes from the environment; `.env.example` names every setting.
"""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from config import environment

BASE_DIR = Path(__file__).resolve().parents[2]
# Everything an installation makes for itself: database, keys, logs of its own start.
VAR = Path(environment.text("PARLEY_VAR", str(BASE_DIR / "var")))

DEBUG = False
ALLOWED_HOSTS: list[str] = ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS: list[str] = []
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A trial holds invented data and known passwords: no second factor, plain http on loopback, and a
# banner on every page. A real register is none of this.
PARLEY_TRIAL = False
PARLEY_KEK_FILE: Path | str = VAR / "keys" / "kek"

INSTALLED_APPS = [
    "config",  # for its commands alone: it has no rows
    "engagements",
    "scorecards",
    "actors",
    "accounts",
    "records",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.headers.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.headers.PrivateAnswers",
    "config.headers.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.sessions.SignInEnds",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.frame",
            ],
        },
    },
]

# --- Database ------------------------------------------------------------------------------------
# FULL, because NORMAL may lose the last commits at a power cut. IMMEDIATE, because a transaction
# that reads first and writes later fails as "locked" beside another writer, whatever it waits.
# recursive_triggers, because INSERT OR REPLACE would otherwise pass the append-only triggers.
# secure_delete, so that deleted and replaced rows do not stay readable in the file.
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR / "parley.sqlite3",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;"
        ),
    },
}


def postgresql() -> dict[str, object]:
    """PostgreSQL with a pool per process: under a flood requests wait 5 s, then get a 503."""
    database = environment.postgresql("PARLEY_DATABASE_URL")
    limits = {
        "statement_timeout": environment.number("PARLEY_STATEMENT_TIMEOUT_MS", 30_000),
        "lock_timeout": environment.number("PARLEY_LOCK_TIMEOUT_MS", 10_000),
        "idle_in_transaction_session_timeout": 60_000,
    }
    database["CONN_MAX_AGE"] = 0  # the pool keeps them
    database["CONN_HEALTH_CHECKS"] = True
    database["OPTIONS"] |= {
        "connect_timeout": 5,
        "options": " ".join(f"-c {name}={limit}" for name, limit in limits.items()),
        "pool": {
            "min_size": 1,
            "max_size": environment.number("PARLEY_DATABASE_POOL", 8),
            "timeout": 5,
        },
    }
    return database


DATABASES = {"default": postgresql() if environment.text("PARLEY_DATABASE_URL") else SQLITE}

# Only sign-in limits live here: in the database, so that they survive a Redis flush and count for
# all processes. Content is never cached outside its owner's request.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

# --- Signing in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Counted from the right of X-Forwarded-For, so that a forged one does not reset the limits.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("PARLEY_PROXIES", 0)

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60
SESSION_LONGEST = 12 * 3600
SESSION_COOKIE_NAME = "parley_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "parley_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None  # it goes with the browser
CSRF_COOKIE_HTTPONLY = True  # forms and htmx carry the token in the page
# The cookie store would write what a message says into the browser's profile.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Headers -------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Language, time, files -----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # no collectstatic before a first start

# --- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "records.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Parley",
    "DESCRIPTION": "Engagements with non-state armed groups: records, commitments and scores.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],  # codes stay in their fields: names made up for shared ones move
}

# --- Jobs ----------------------------------------------------------------------------------------
# Without a broker the drain thread of `up` does the work. With one, Redis is only a bell: each
# message carries a job's id, and losing all of them costs a wait for the next sweep.
CELERY_BROKER_URL = environment.redis("PARLEY_REDIS_URL")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # acks_late alone loses the task with its process
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False  # a save must not wait for a bell
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any absence of Redis
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # longer than the longest task
    "socket_connect_timeout": 0.5,
    # A save asks once and goes on, whether Redis is gone or hangs; the sweep finds the job.
    "socket_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "global_keyprefix": environment.text("PARLEY_REDIS_PREFIX", "parley:"),
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep jobs whose bell was not heard": {
        "task": "engagements.tasks.sweep_jobs",
        "schedule": 5.0,
        "options": {"expires": 10},
    },
    "let scores age by a day": {
        "task": "engagements.tasks.age_scores",
        "schedule": crontab(hour=0, minute=10),
        "options": {"expires": 3600},
    },
    "forget jobs that ended well": {
        "task": "engagements.tasks.tidy_jobs",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 3600},
    },
}

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.OneLine",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Django's own handlers would mail or print tracebacks, which hold what people typed.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "celery": {"level": environment.text("PARLEY_LOG_LEVEL", "WARNING")},
        "parley": {"level": environment.text("PARLEY_LOG_LEVEL", "INFO")},
    },
}
