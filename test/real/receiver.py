"""Two parsers of Python's behind one port: `/werkzeug` and `/python-multipart` answer what they read."""
import hashlib
import json
import sys

from multipart.multipart import parse_form
from werkzeug.formparser import FormDataParser
from werkzeug.serving import WSGIRequestHandler, run_simple


def app(environ, start_response):
    read = by_multipart if environ["PATH_INFO"].endswith("python-multipart") else by_werkzeug
    body = json.dumps(read(environ)).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def by_werkzeug(environ):
    _, form, files = FormDataParser().parse_from_environ(environ)
    return {
        "fields": [[name, value] for name, value in form.items(multi=True)],
        "files": [
            [name, file.filename, file.mimetype, *digest(file.stream)]
            for name, file in files.items(multi=True)
        ],
    }


def by_multipart(environ):
    fields, files = [], []
    headers = {"Content-Type": environ["CONTENT_TYPE"]}
    if environ.get("CONTENT_LENGTH"):
        headers["Content-Length"] = environ["CONTENT_LENGTH"]

    def on_file(file):
        file.file_object.seek(0)
        # This one keeps no media type.
        files.append([file.field_name.decode(), file.file_name.decode(), None, *digest(file.file_object)])

    def on_field(field):
        fields.append([field.field_name.decode(), (field.value or b"").decode()])

    parse_form(headers, environ["wsgi.input"], on_field, on_file)
    return {"fields": fields, "files": files}


def digest(stream):
    sha256, size = hashlib.sha256(), 0
    while chunk := stream.read(1024 * 1024):
        sha256.update(chunk)
        size += len(chunk)
    return size, sha256.hexdigest()


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *arguments):
        pass


run_simple("127.0.0.1", int(sys.argv[1]), app, request_handler=Quiet, threaded=True)
