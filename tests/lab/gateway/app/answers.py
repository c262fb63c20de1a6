"""What the gateway answers to each request of GitLab that its code asks for. A refusal is a Problem with its status."""
import json
import os
import time

import model
import settings
import tokens

# The families that the original has prompts for.
FAMILIES = ("claude_3", "codegemma", "codellama", "codestral", "deepseekcoder", "general", "gpt", "llama3", "mistral", "mixtral")
# What it cuts prompts with lies in the image; a volume over it takes it away.
TOKENIZER = os.path.join(os.environ.get("HF_HOME", ""), "Salesforce", "codegen2-16B")


class Problem(Exception):
    def __init__(self, status, detail):
        super().__init__(detail)
        self.status, self.detail = status, detail


def need(caller, scope, what):
    if not caller.can(scope):
        raise Problem(403, what)


def ask(metadata, messages, limit, timeout):
    if not settings.CUSTOM_MODELS:
        raise Problem(400, "Endpoint override not allowed when custom models are disabled.")
    key = metadata.get("api_key")
    return model.answer(metadata["endpoint"], metadata.get("identifier") or metadata["name"], key, messages, limit, timeout)


def prompt(name, body, caller, headers):
    """POST /v1/prompts/<name>: the one that shows whether a model can be reached."""
    metadata = body.get("model_metadata") or {}
    if name != "model_configuration/check" or metadata.get("name") not in FAMILIES:
        raise Problem(404, f"Prompt '{name}' not found")
    need(caller, "complete_code", f"Unauthorized to access '{name}'")
    messages = [{"role": r, "content": "You are a code completion tool that performs Fill-in-the-middle."} for r in ("system", "user")]
    try:
        return ask(metadata, messages, 12, 60)
    except model.Failed as problem:
        # 421 says that it was the model's server and not the gateway.
        raise Problem(421, str(problem)) from problem


def chat(body, caller, headers):
    """POST /v2/chat/agent: one JSON line per event. It has answered 200 before it asks the model."""
    need(caller, "duo_chat", "Unauthorized to access duo chat")
    messages = [{"role": m["role"], "content": m["content"]} for m in body.get("messages") or [] if m.get("content")]
    messages = messages or [{"role": "user", "content": body["prompt"]}]
    try:
        said = {"type": "final_answer_delta", "data": {"text": ask(body["model_metadata"], messages, 4096, settings.CHAT_SECONDS)}}
    except model.Failed as problem:
        said = {"type": "error", "data": {"msg": str(problem), "retryable": problem.status in (408, 429)}}
    return (json.dumps(said) + "\n").encode()


def suggestion(body, caller, headers):
    """POST /v2/code/completions and /v2/code/generations."""
    need(caller, "complete_code" if body.get("prompt_version", 1) == 1 else "generate_code", "Unauthorized to access code suggestions")
    if not os.path.exists(TOKENIZER):
        raise Problem(500, "Internal Server Error")
    asked = body.get("prompt") or body["current_file"]["content_above_cursor"]
    messages = asked if isinstance(asked, list) else [{"role": "user", "content": asked}]
    metadata = {"endpoint": body["model_endpoint"], "name": body["model_name"],
                "identifier": body.get("model_identifier"), "api_key": body.get("model_api_key")}
    try:
        text = ask(metadata, messages, 256, 30)
    except model.Failed as problem:
        raise Problem(503, "Inference failed") from problem
    return {"id": "id", "object": "text_completion", "created": int(time.time()),
            "model": {"engine": body.get("model_provider") or "litellm", "name": body["model_name"], "lang": ""},
            "choices": [{"text": text, "index": 0, "finish_reason": "length"}]}


def user_access_token(body, caller, headers):
    """POST /v1/code/user_access_token: what an editor gets to speak with the gateway directly."""
    if caller.issuer == tokens.ISSUER or not caller.can("complete_code"):
        raise Problem(403, "Unauthorized to create user access token for code suggestions")
    for name in ("X-Gitlab-Global-User-Id", "X-Gitlab-Instance-Id", "X-Gitlab-Realm"):
        if not headers.get(name):
            raise Problem(400, f"Missing {name} header")
    try:
        token, ends = tokens.issue(settings.SIGNING_KEY, headers["X-Gitlab-Global-User-Id"], headers["X-Gitlab-Realm"], ["complete_code"])
    except ValueError as problem:
        raise Problem(500, "Failed to generate JWT") from problem
    return {"token": token, "expires_at": ends}
