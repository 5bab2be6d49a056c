"""Django settings. Everything that differs between installations comes from GONGMO_* variables (docs/settings.md)."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from gongmo.web import config, wrong

PACKAGE = Path(__file__).resolve().parent.parent
REPOSITORY = PACKAGE.parent

# --- Where and how this installation runs ---------------------------------------------------------------------------
# What is wrong is gathered, and told at the end: all of it at once.
wrong.gather()
GONGMO_HOME = config.home()
GONGMO_MODE = config.choice("GONGMO_MODE", "embedded", ("embedded", "server"))
_embedded = GONGMO_MODE == "embedded"
# Rehearsal data is in the database when this file exists; `gongmo rehearse` writes it. Pages then say so.
GONGMO_REHEARSAL_MARK = GONGMO_HOME / "rehearsal.json"
# Stored files, addressed by content: a folder, or an S3-compatible storage at GONGMO_FILES_URL; drafts are always in the folder.
GONGMO_FILES_URL = config.files(config.text("GONGMO_FILES_URL"))
GONGMO_FILES = GONGMO_HOME / "files"
if GONGMO_FILES_URL.startswith("/"):
    GONGMO_FILES, GONGMO_FILES_URL = Path(GONGMO_FILES_URL), ""
# Seconds for which a signed address of the storage leads to a large download; 0: everything is streamed through the site.
GONGMO_FILES_SIGNED = config.number("GONGMO_FILES_SIGNED", 0, least=0)
# Largest file in bytes (2 GiB), and what one person may have under way at a time.
GONGMO_FILE_LIMIT = config.number("GONGMO_FILE_LIMIT", 2 * 1024**3, least=1024)
GONGMO_UPLOAD_QUOTA = config.number("GONGMO_UPLOAD_QUOTA", 4 * GONGMO_FILE_LIMIT, least=1024)
GONGMO_UPLOAD_HOURS = config.number("GONGMO_UPLOAD_HOURS", 72, least=1)
# Pieces of uploads that one worker process receives at the same time: slow lines must not take every thread.
GONGMO_CLAMAV = config.text("GONGMO_CLAMAV")
"""clamd, the virus scanner: host:port, or the path of its socket; empty: files are not scanned."""
GONGMO_CONVERTER = config.text("GONGMO_CONVERTER")
"""LibreOffice's soffice, for PDF previews of other formats: its path; empty: looked for; "none": not used."""
GONGMO_SIMILAR_INDEX = config.choice("GONGMO_SIMILAR_INDEX", "file", ("file", "table"))
"""Where the index of earlier projects is kept: file (GONGMO_HOME/similarity) or table (the database; for several machines)."""
# Outside registers: keys, addresses, limits (docs/registers.md).
GONGMO_REGISTERS = config.registers()
# Seed of the Ed25519 key that signs the record's checkpoints: 32 bytes as URL-safe base64 without padding.
GONGMO_SIGNING_SEED = config.signing_seed(GONGMO_HOME / "signing-seed", embedded=_embedded)
# The site's seal on signed agreements: PEM files of its key and certificate chain; certificates of others that are trusted.
GONGMO_SEAL_KEY = config.text("GONGMO_SEAL_KEY")
GONGMO_SEAL_CERTIFICATE = config.text("GONGMO_SEAL_CERTIFICATE")
GONGMO_SEAL_TRUST = config.text("GONGMO_SEAL_TRUST")
GONGMO_SEAL_NAME = config.text("GONGMO_SEAL_NAME", "Gongmo")
# Name of a header in which a trusted proxy says when it received the request (unix seconds, "t=" allowed), or empty.
GONGMO_REQUEST_START_HEADER = config.text("GONGMO_REQUEST_START_HEADER")
# Keys with which personal fields are encrypted: "id=key,id=key", the present one first; embedded: a file made in the home.
GONGMO_FIELD_KEYS = config.field_keys(embedded=_embedded)
# Years for which the access log is kept (docs/privacy.md).
GONGMO_ACCESS_YEARS = config.number("GONGMO_ACCESS_YEARS", 2, least=1)
# Years without signing in after which an account that nothing hangs on is proposed to be closed; 0: never.
GONGMO_IDLE_YEARS = config.number("GONGMO_IDLE_YEARS", 0)
# Who signed in longer ago than so many minutes confirms it before submitting; 0: nobody is asked.
GONGMO_SUBMIT_CONFIRM_MINUTES = config.number("GONGMO_SUBMIT_CONFIRM_MINUTES", 0, least=0)
# The same before acts that bind an office or an organisation (gongmo/web/binding.py).
GONGMO_CONFIRM_MINUTES = config.number("GONGMO_CONFIRM_MINUTES", 0 if _embedded else 30, least=0)
# A sign-in ends when its person has done nothing for so many minutes; 0: only after GONGMO_SESSION_HOURS.
GONGMO_IDLE_MINUTES = config.number("GONGMO_IDLE_MINUTES", 120, least=0)

DEBUG = config.flag("GONGMO_DEBUG")
if DEBUG and not _embedded:
    # Debug pages show settings and everything that a request held.
    wrong.note(
        wrong.Wrong(
            "GONGMO_DEBUG",
            "서버(GONGMO_MODE=server)에서는 켤 수 없습니다. 지워 주세요.",
            "cannot be 1 when GONGMO_MODE is server.",
        )
    )
SECRET_KEY = config.secret("GONGMO_SECRET_KEY", GONGMO_HOME / "secret-key", embedded=_embedded)
# Earlier ones: they read the row numbers in addresses that were given out under them, and nothing else.
GONGMO_FORMER_SECRET_KEYS = config.listing("GONGMO_FORMER_SECRET_KEYS")
# Whether addresses and forms take plain row numbers, too. Tests only: whoever may try them finds out the number of what is their own.
GONGMO_PLAIN_NUMBERS = False
ALLOWED_HOSTS = config.hosts(embedded=_embedded)

# The site's address in mails and calendars, without a slash at its end.
GONGMO_SITE_URL = config.site_url(ALLOWED_HOSTS, https=config.flag("GONGMO_HTTPS"))

# --- Parts ----------------------------------------------------------------------------------------------------------
GONGMO_APPS = [
    "gongmo.tasks",
    "gongmo.parties",
    "gongmo.files",
    "gongmo.ledger",
    "gongmo.privacy",
    "gongmo.notices",
    "gongmo.calls",
    "gongmo.applications",
    "gongmo.similarity",
    "gongmo.registers",
    "gongmo.screening",
    "gongmo.evaluation",
    "gongmo.awards",
    "gongmo.oversight",
    "gongmo.operation",
    "gongmo.custody",
    "gongmo.web",
]
INSTALLED_APPS = [
    # Before allauth, so that our templates win.
    *GONGMO_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles, so that the development server too serves files as the real one does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    # Only where GONGMO_PROXIES is set: nobody else speaks in the proxy's name.
    "gongmo.web.tracing.ProxyOnly",
    # Outermost: the instant of receipt is taken before anything else can spend time.
    "gongmo.web.middleware.RequestInstant",
    "gongmo.web.tracing.RequestIdentity",
    "gongmo.web.observing.Observed",
    "gongmo.web.health.HealthMiddleware",
    # Before all that writes an address.
    "gongmo.web.origin.NamedOrigin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Static files come compressed already; this is for pages. Django pads them at random against length attacks.
    "gongmo.web.leaving.Compressed",
    # Outside of all that knows a person: a kept page costs one statement.
    "gongmo.web.public_cache.PublicPages",
    "gongmo.web.leaving.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gongmo.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gongmo.web.bounds.SessionBounds",
    "gongmo.web.middleware.PrivatePages",
    "gongmo.web.middleware.ActingPerson",
    # Outside of refusals, so that they are noted too, and of all pages, kept ones or not.
    "gongmo.custody.noting.AccessNotes",
    "gongmo.web.middleware.SecondFactor",
    "gongmo.web.binding.BindingActs",
    "gongmo.web.middleware.Refusals",
    "gongmo.web.middleware.ReadableForms",
]
ROOT_URLCONF = "gongmo.web.urls"
WSGI_APPLICATION = "gongmo.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        # Each app keeps its pages in templates/<app>/; the layout and the macros are the web floor's.
        "DIRS": [
            PACKAGE / "web" / "templates",
            *(PACKAGE / app.split(".")[1] / "templates" for app in GONGMO_APPS[:-1]),
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "gongmo.web.jinja.environment",
            "context_processors": [
                "gongmo.web.context.page",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        # For allauth's pages only.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "django_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongmo.web.context.page",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": config.database(config.text("GONGMO_DATABASE_URL"), GONGMO_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counts sign-in attempts for every worker and machine alike.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "gongmo_cache",
        # Beyond this many entries Django throws counts away: Django's own 300 would let a guesser flush them, and a busy day too.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_TEMP_DIR = GONGMO_HOME / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Tasks ----------------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "gongmo.tasks.backend.Backend", "QUEUES": ["default"]}}

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "gongmo_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# --- Static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = GONGMO_HOME / "static"
GONGMO_ASSETS = Path(config.text("GONGMO_ASSETS") or REPOSITORY / ".assets")
STATICFILES_DIRS = [folder for folder in (GONGMO_ASSETS / "static",) if folder.is_dir()]
# Hashed and compressed by `collectstatic`; straight from their folders while developing and in tests.
_hashed = config.flag("GONGMO_STATIC_HASHED", default=not DEBUG)
WHITENOISE_USE_FINDERS = not _hashed
WHITENOISE_AUTOREFRESH = not _hashed
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": GONGMO_FILES},
    },
    "staticfiles": {
        "BACKEND": (
            "gongmo.web.static_files.StaticFiles"
            if _hashed
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# --- Sign-in --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["gongmo.notices.people.SignedIn"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "gongmo.web.passwords.OwnWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FORM_CLASS = "gongmo.web.accounts.SignupForm"
ACCOUNT_FORMS = {
    "signup": "gongmo.web.signing_up.EvenSignupForm",
    "reset_password": "gongmo.web.signing_up.AskForCodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_ADAPTER = "gongmo.web.accounts.AccountAdapter"
# A code to type, not a link to open: officials often read mail on another network's computer than the one they work on. What one came
# for is not lost either, for signing up goes on in the same page.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Another address cannot be given in the middle of signing up: for an address that is registered already there is no new account whose
# address could change, so the page would tell. One signs up again instead.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600  # as the page says
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[공모] "
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if config.flag("GONGMO_HTTPS") else "http"
ACCOUNT_SESSION_REMEMBER = False
# A whole office may stand behind one address: guessing is stopped at the account (AccountAdapter), and an address is only kept
# from flooding.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    # What gongmo.web.throttling counts. One address fails ten times an hour for an account: thirty together keep strangers out.
    "login_failed_here": "10/h/key",
    "login_failed_everywhere": "300/h/key",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip",
    "code_asked": "5/30m/key",
    # Left out silently, never refused: a mailbox is not flooded, and one address uses up a quarter of what it takes.
    "mail_here": "10/h/key",
    "mail_everywhere": "40/h/key",
    # Counted by the two above: by the e-mail address alone a stranger would keep its owner from signing up.
    "confirm_email": "",
}
# In a rehearsal one goes from role to role by the start page's buttons without signing out in between.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = not GONGMO_REHEARSAL_MARK.exists()
# Roles in which nobody acts without a second factor.
GONGMO_SECOND_FACTOR_ROLES = config.second_factor_roles(embedded=_embedded)
MFA_ADAPTER = "gongmo.web.accounts.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "gongmo.web.accounts.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "공모 Gongmo"
# Browsers allow passkeys without https on this machine's own address only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _embedded and not config.flag("GONGMO_HTTPS")
# Other sign-in services (OpenID Connect). An account is joined only by an address that both sides have confirmed.
_services, _service_origins = config.other_sign_ins()
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _services}}
SOCIALACCOUNT_ADAPTER = "gongmo.web.accounts.OtherServiceAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False

# --- Mail -----------------------------------------------------------------------------------------------------------
# Mail goes through the task queue; GONGMO_MAIL_BACKEND is how it leaves from there.
EMAIL_BACKEND = "gongmo.notices.mail.Backend"
GONGMO_MAIL_BACKEND = ""
globals().update(config.mail(config.text("GONGMO_MAIL_URL"), GONGMO_HOME))
DEFAULT_FROM_EMAIL = config.text("GONGMO_MAIL_FROM", "gongmo@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Protection -----------------------------------------------------------------------------------------------------
_https = config.flag("GONGMO_HTTPS")
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
# Browsers take a cookie of such a name from this very host only, and only over https.
_host = "__Host-" if _https else ""
# One proxy stands in front and may be believed when it names the caller, the host and https.
GONGMO_BEHIND_PROXY = config.flag("GONGMO_BEHIND_PROXY")
# From where that proxy speaks; none: whoever reaches this port is the proxy.
GONGMO_PROXIES = config.networks("GONGMO_PROXIES")
if GONGMO_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_ENGINE = "gongmo.web.sessions"
SESSION_COOKIE_NAME = f"{_host}gongmo_session"
SESSION_COOKIE_AGE = config.number("GONGMO_SESSION_HOURS", 8, least=1) * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_host}gongmo_csrf"
CSRF_FAILURE_VIEW = "gongmo.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in config.listing("GONGMO_HOSTS")] if _https else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # The PDF viewer and the hash of an upload are worked out beside the page.
        "worker-src": [SELF],
        # Documents are shown beside a form in a frame of this site.
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        # Signing in elsewhere is a form that leads there.
        "form-action": [SELF, *_service_origins],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Logs -----------------------------------------------------------------------------------------------------------
LOGGING = config.logs(GONGMO_HOME, embedded=_embedded)
# A line for each request (route, status, time), and statements that took longer than so many milliseconds (0: none).
GONGMO_REQUEST_LOG = config.flag("GONGMO_REQUEST_LOG", default=not _embedded)
GONGMO_SLOW_QUERY_MS = config.number("GONGMO_SLOW_QUERY_MS", 500)

# --- Watching -------------------------------------------------------------------------------------------------------
# Who may read /metrics; with neither there is no such page.
GONGMO_METRICS_TOKEN = config.metrics_token()
GONGMO_METRICS_FROM = config.networks("GONGMO_METRICS_FROM")
# Seconds by which the database server's clock may differ; seconds that a stopping server still answers while it says "not ready".
GONGMO_CLOCK_TOLERANCE = config.number("GONGMO_CLOCK_TOLERANCE", 2, least=1)
GONGMO_DRAIN_SECONDS = config.number("GONGMO_DRAIN_SECONDS", 0)
# What the processes of one server share: set by `gongmo serve`.
GONGMO_RUN = config.text("GONGMO_RUN")

wrong.told()
for _folder in (FILE_UPLOAD_TEMP_DIR, STATIC_ROOT, GONGMO_HOME / "logs"):
    _folder.mkdir(exist_ok=True)
