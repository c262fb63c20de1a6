"""Asks a server that speaks OpenAI's protocol, as the library does that the original uses for it."""
import http.client
import json
import os
import ssl
import urllib.error
import urllib.request


class Failed(Exception):
    """The model's server said no, or nothing."""

    def __init__(self, status):
        super().__init__(f"{status}: {http.client.responses.get(status, 'Unknown')}")
        self.status = status


def trust():
    return ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt")


def answer(endpoint, identifier, key, messages, limit, timeout):
    """The text that a model answers with. Before the first slash of the identifier stands the kind of server."""
    name = identifier.split("/", 1)[1] if "/" in identifier else identifier
    body = json.dumps({"model": name, "messages": messages, "max_tokens": limit, "temperature": 0.0, "stream": False})
    request = urllib.request.Request(endpoint.rstrip("/") + "/chat/completions", body.encode(), {
        "Content-Type": "application/json",
        # Without a key it is the word None that is sent.
        "Authorization": f"Bearer {key}",
    })
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust()))
    try:
        with opener.open(request, timeout=timeout) as reply:
            return json.load(reply)["choices"][0]["message"]["content"]
    except urllib.error.HTTPError as problem:
        raise Failed(problem.code) from problem
    except TimeoutError as problem:
        raise Failed(408) from problem
    except (OSError, ValueError, KeyError, IndexError, TypeError) as problem:
        raise Failed(408 if isinstance(getattr(problem, "reason", None), TimeoutError) else 500) from problem
