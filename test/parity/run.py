"""Plays a list of scenarios with Python's requests: JSON in on stdin, JSON out on stdout."""
import base64
import json
import sys

import requests


def value(item):
    """Bytes are written as {"base64": ...}; a list of a file is a tuple in requests."""
    if isinstance(item, dict) and set(item) == {"base64"}:
        return base64.b64decode(item["base64"])
    return item


def files(given):
    pairs = given.items() if isinstance(given, dict) else given
    return [(name, tuple(map(value, file)) if isinstance(file, list) else value(file)) for name, file in pairs]


def options(given):
    made = {key: value(item) for key, item in given.items()}
    if isinstance(made.get("data"), list):
        made["data"] = [tuple(pair) for pair in made["data"]]
    if isinstance(made.get("params"), list):
        made["params"] = [tuple(pair) for pair in made["params"]]
    if "files" in made:
        made["files"] = files(made["files"])
    if made.get("auth"):
        made["auth"] = authentication(made["auth"])
    return made


def authentication(given):
    if given[0] == "digest":
        return requests.auth.HTTPDigestAuth(*given[1:])
    # requests encodes text as Latin-1; as bytes it is what RFC 7617 asks for.
    return tuple(part.encode() for part in given)


def prepare(session, call, url):
    made = options(call.get("options", {}))
    prepared = session.prepare_request(requests.Request(call["method"], url, **made))
    for name, header in call["change"].get("headers", {}).items():
        prepared.headers[name] = header
    if "body" in call["change"]:
        prepared.prepare_body(data=call["change"]["body"], files=None)
    if "method" in call["change"]:
        prepared.method = call["change"]["method"]
    return prepared


def play(session, call, base):
    url = base + call.get("path", "")
    try:
        if "change" in call:
            response = session.send(prepare(session, call, url))
        else:
            response = session.request(call["method"], url, **options(call.get("options", {})))
        if call.get("raise"):
            response.raise_for_status()
    except requests.RequestException as error:
        return {"error": type(error).__name__}
    return {
        "status": response.status_code,
        "url": response.url.replace(base, ""),
        "history": [each.status_code for each in response.history],
        "ok": response.ok,
        "text": response.text,
        "isRedirect": response.is_redirect,
        "cookies": session.cookies.get_dict(),
        "next": response.next.url.replace(base, "") if response.next else None,
    }


def run(scenario):
    session = requests.Session()
    session.trust_env = False
    for name, item in options(scenario.get("session", {})).items():
        if name in ("headers", "cookies"):
            getattr(session, name).update(item)
        else:
            setattr(session, name, item)
    return [play(session, call, scenario["base"]) for call in scenario["calls"]]


json.dump([run(scenario) for scenario in json.load(sys.stdin)], sys.stdout)
