"""A model server as the gateway sees it: Ollama's /v1, with what it lists and an answer that says who was asked."""
import json

from .web import as_json


class Answering:
    """keys of state: listed, the models by name."""

    def __init__(self, state):
        self.state = state

    def handle(self, request):
        if request.path == "/v1/models":
            # Ollama says null where it has none.
            return as_json({"object": "list", "data": [{"id": name, "object": "model"} for name in self.state["listed"]] or None})
        if request.path != "/v1/chat/completions" or request.method != "POST":
            return as_json({"error": {"message": "not found", "type": "api_error"}}, 404)
        asked = json.loads(request.body)
        if asked["model"] not in self.state["listed"]:
            return as_json({"error": {"message": f"model '{asked['model']}' not found", "type": "api_error"}}, 404)
        return as_json({"object": "chat.completion", "model": asked["model"],
                        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": f"{asked['model']} answers"}}]})
