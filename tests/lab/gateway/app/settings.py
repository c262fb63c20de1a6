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
# The agents' service has names of its own, and falls back to the other's for GitLab alone: authentication_interceptor.py.
AGENT_GITLAB_URL = text("DUO_WORKFLOW_AUTH__OIDC_GITLAB_URL") or GITLAB_URL
AGENT_CUSTOMER_PORTAL_URL = text("DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL", "https://customers.gitlab.com")
# Seconds that a model gets for a question of Chat (config.py, since 19.2). What is no number above 0 ends both services.
CHAT_SECONDS = float(text("AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT", "30.0"))
if not CHAT_SECONDS > 0:
    raise ValueError("duo_chat.model_request_timeout: Input should be greater than 0")
CUSTOM_MODELS = flag("AIGW_CUSTOM_MODELS__ENABLED")
SIGNING_KEY = text("AIGW_SELF_SIGNED_JWT__SIGNING_KEY")
VALIDATION_KEY = text("AIGW_SELF_SIGNED_JWT__VALIDATION_KEY")
WORKFLOW_KEYS = [text("DUO_WORKFLOW_SELF_SIGNED_JWT__" + kind + "_KEY") for kind in ("SIGNING", "VALIDATION")]
