"""Obeys requests, one JSON object a line on stdin, and answers each with one on stdout."""

import json
import os
import sys
import traceback


def claim_stdout():
    """The true stdout; whatever else prints from now on goes to stderr."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def serve(answers, ready, handlers):
    """Says what is ready, then calls handlers[request["do"]](request) for each request until stdin ends."""

    def say(answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    say(ready)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            say(handlers[request["do"]](request))
        except Exception:
            say({"error": traceback.format_exc()})
