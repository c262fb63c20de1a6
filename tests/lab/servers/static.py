"""Files of folders: {"/prefix/": folder}."""
import os

from .web import Answer


def static(folders):
    def handle(request):
        for prefix, folder in folders.items():
            if request.path.startswith(prefix):
                path = os.path.normpath(os.path.join(folder, request.path[len(prefix):].lstrip("/")))
                if (path + "/").startswith(os.path.normpath(folder) + "/") and os.path.isfile(path):
                    return Answer(body=path)
        return Answer(404, b"not found\n")
    return handle
