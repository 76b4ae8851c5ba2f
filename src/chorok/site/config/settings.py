"""Django's settings, from the environment, with defaults that are safe. `docs/operating.md` lists the variables."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from chorok.site.config import logs


def _switch(name: str, default: bool) -> bool:
    return os.environ.get(name, str(int(default))).strip().lower() in {"1", "true", "yes", "on"}


def _listed(name: str, default: str) -> list[str]:
    return [entry.strip() for entry in os.environ.get(name, default).split(",") if entry.strip()]


def _secret(folder: Path) -> str:
    """Return the key that signs sessions: the environment's, else the one kept in the site's folder."""
    if key := os.environ.get("CHOROK_SECRET_KEY"):
        return key
    kept = folder / "secret"
    if not kept.exists():
        if not (LEDGER / "ledger.toml").exists():
            return secrets.token_urlsafe(64)  # nothing to serve: a check or a type checker reads the settings
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(secrets.token_urlsafe(64))
    return kept.read_text(encoding="utf-8").strip()


def _database(url: str, folder: Path) -> dict[str, Any]:
    """Return Django's database from a `postgresql://` address; none means SQLite in the site's folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "site.sqlite3",
            # One writer at a time: a transaction takes its place when it begins, not in its midst.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
            "CONN_MAX_AGE": 60,
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


LEDGER = Path(os.environ.get("CHOROK_LEDGER", "chorok-ledger")).resolve()
SITE_FOLDER = Path(os.environ.get("CHOROK_SITE", str(LEDGER.parent / "chorok-site"))).resolve()
DEBUG = _switch("CHOROK_DEBUG", False)
HTTPS = _switch("CHOROK_HTTPS", False)
"""Set when the site stands behind TLS: cookies are then sent over TLS only, and plain requests are redirected."""

SECRET_KEY = _secret(SITE_FOLDER)
ALLOWED_HOSTS = _listed("CHOROK_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = _listed("CHOROK_ORIGINS", "")
DATABASES = {"default": _database(os.environ.get("CHOROK_DATABASE", ""), SITE_FOLDER)}
TESTING = "pytest" in sys.modules

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "chorok.site.config",
    "chorok.site.accounts",  # before allauth: its templates go before theirs
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "chorok.site.organisations",
    "chorok.site.audit",
    "chorok.site.jobs",
    "chorok.site.registry",
    "chorok.site.purchases",
    "chorok.site.reviews",
    "chorok.site.performance",
    "chorok.site.periods",
    "chorok.site.goals",
    "chorok.site.screening",
    "chorok.site.assessments",
    "chorok.site.fulfilment",
    "chorok.site.notices",
    "chorok.site.api",
    "chorok.site.webhooks",
]

MIDDLEWARE = [
    "chorok.site.config.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chorok.site.config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chorok.site.accounts.middleware.ActorMiddleware",
]

ROOT_URLCONF = "chorok.site.config.urls"
WSGI_APPLICATION = "chorok.site.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "chorok.site.config.shared.shared",
                "chorok.site.notices.context.waiting",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "chorok.site.accounts.adapter.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/15m/key,50/15m/ip",
    "login": "120/m/ip",  # a whole city hall may come from one address
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(_switch("CHOROK_BEHIND_PROXY", False))
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
"""Seconds for which a given password holds: after it, sensitive acts ask for it again."""

PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
_FORMS = "chorok.site.accounts.signing_forms."
ACCOUNT_FORMS = {
    "login": f"{_FORMS}LoginForm",
    "reauthenticate": f"{_FORMS}ReauthenticateForm",
    "change_password": f"{_FORMS}ChangePasswordForm",
    "reset_password": f"{_FORMS}ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}ResetPasswordKeyForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}AuthenticateForm",
    "reauthenticate": f"{_FORMS}CodeAgainForm",
    "activate_totp": f"{_FORMS}ActivateForm",
}
MFA_ADAPTER = "chorok.site.accounts.adapter.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Chorok"
REQUIRE_SECOND_FACTOR = _listed("CHOROK_REQUIRE_SECOND_FACTOR", "")
"""Roles (see `accounts.roles`) whose holders reach nothing before they have set up a second factor."""

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE = 3 * 60 * 60
"""Seconds: a session ends 12 h after sign-in, and after 3 h without a request."""

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _switch("CHOROK_BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

API_CALLS_A_MINUTE = int(os.environ.get("CHOROK_API_CALLS_A_MINUTE", "600"))
"""How often each token, and each signed-in person, may call the interface for programs in a minute."""
API_SCREENINGS_A_MINUTE = int(os.environ.get("CHOROK_API_SCREENINGS_A_MINUTE", "30000"))
"""How many lines each of them may have screened there in a minute, counted apart: systems ask before approvals."""
WEBHOOK_PRIVATE = _listed("CHOROK_WEBHOOK_PRIVATE", "")
"""Networks inside the house that messages to other systems may be sent to, such as 10.20.0.0/16; none by themselves."""

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
EMAIL_BACKEND = os.environ.get("CHOROK_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
SITE_URL = os.environ.get("CHOROK_URL", "")
"""Address of the site in mails, such as https://green.example.org; without one mails name the path only."""

DEFAULT_FROM_EMAIL = os.environ.get("CHOROK_EMAIL_FROM", "chorok@localhost")

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
TIME_ZONE = os.environ.get("CHOROK_TIME_ZONE", "Asia/Seoul")
USE_I18N = USE_TZ = True

LOGGING = logs.settings(os.environ.get("CHOROK_LOG", "text"), os.environ.get("CHOROK_LOG_LEVEL", "INFO").upper())

STATIC_URL = "static/"
STATIC_ROOT = SITE_FOLDER / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_USE_FINDERS = True
UPLOADS = SITE_FOLDER / "uploads"
UPLOAD_LIMIT = 2 * 1024**3
"""Bytes of one received file (2 GiB)."""

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024**2
FILE_UPLOAD_TEMP_DIR = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []
