"""What the gateway reads from its environment. The names are those of the original."""
import os


def text(name, default=""):
    return os.environ.get(name, default)


def flag(name):
    return text(name).lower() in ("1", "true", "yes")


GITLAB_URL = text("AIGW_GITLAB_URL", "https://gitlab.com")
CUSTOMER_PORTAL_URL = text("AIGW_CUSTOMER_PORTAL_URL", "https://customers.gitlab.com")
API_PORT = int(text("AIGW_FASTAPI__API_PORT", "5000"))
BYPASS = flag("AIGW_AUTH__BYPASS_EXTERNAL")
CUSTOM_MODELS = flag("AIGW_CUSTOM_MODELS__ENABLED")
SIGNING_KEY = text("AIGW_SELF_SIGNED_JWT__SIGNING_KEY")
VALIDATION_KEY = text("AIGW_SELF_SIGNED_JWT__VALIDATION_KEY")
WORKFLOW_KEYS = [text("DUO_WORKFLOW_SELF_SIGNED_JWT__" + kind + "_KEY") for kind in ("SIGNING", "VALIDATION")]
