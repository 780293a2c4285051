"""Server mode: PostgreSQL, Redis, https in front, and no secret that Parley made up itself."""

from config import environment
from config.environment import refuse
from config.settings.base import *
from config.settings.base import STORAGES, VAR

NEEDED = (
    "PARLEY_SECRET_KEY",
    "PARLEY_KEK_FILE",
    "PARLEY_DATABASE_URL",
    "PARLEY_REDIS_URL",
    "PARLEY_ALLOWED_HOSTS",
)
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}

if unset := environment.missing(*NEEDED):
    refuse(f"set {', '.join(unset)} (.env.example says what each is).")

SECRET_KEY = environment.text("PARLEY_SECRET_KEY")
if len(SECRET_KEY) < 50:
    refuse("PARLEY_SECRET_KEY must have at least 50 characters.")

PARLEY_KEK_FILE = environment.text("PARLEY_KEK_FILE")
ALLOWED_HOSTS = environment.listed("PARLEY_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.listed("PARLEY_CSRF_TRUSTED_ORIGINS")

# A try of server mode on one machine has no certificate; anything reachable has to have one.
PLAIN_HTTP = environment.flag("PARLEY_PLAIN_HTTP")
if PLAIN_HTTP and not set(ALLOWED_HOSTS) <= LOOPBACK:
    refuse("PARLEY_PLAIN_HTTP is for loopback hosts only.")

if not PLAIN_HTTP:
    SESSION_COOKIE_NAME = "__Host-parley_session"
    CSRF_COOKIE_NAME = "__Host-parley_csrf"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if environment.number("PARLEY_PROXIES", 0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Names carry a digest of the content, so that browsers keep a file until it changes.
STATIC_ROOT = environment.text("PARLEY_STATIC_ROOT", str(VAR / "static"))
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = False
