# The same server as server.mjs, at next to no cost: bodies are thrown away inside the kernel
# (MSG_TRUNC, Linux), so that only those who send can be the limit. Prints its URL.
import re
import socket
import sys
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
DISCARD = 4 * 1024 * 1024
LINE_LIMIT = 64 * 1024


class Ended(Exception):
    pass


class Connection:
    def __init__(self, connection):
        self.socket = connection
        self.held = b""
        # Never touched by the kernel, so it takes no memory either.
        self.nowhere = memoryview(bytearray(DISCARD))

    def serve(self):
        try:
            while True:
                self.serve_one()
        except (Ended, ConnectionError):
            pass
        finally:
            self.socket.close()

    def serve_one(self):
        head = self.read_until(b"\r\n\r\n", 4096).lower()
        if b"expect: 100-continue" in head:
            self.socket.sendall(CONTINUE)
        length = re.search(rb"\ncontent-length: *(\d+)", head)
        if length is not None:
            self.discard(int(length[1]))
        elif b"\ntransfer-encoding: chunked" in head:
            self.discard_chunks()
        self.socket.sendall(ANSWER)

    def discard_chunks(self):
        while True:
            size = int(self.read_until(b"\r\n", 64).split(b";")[0], 16)
            if size == 0:
                break
            self.discard(size + 2)
        while self.read_until(b"\r\n", 64) != b"":
            pass

    def read_until(self, end, step):
        while True:
            at = self.held.find(end)
            if at >= 0:
                found, self.held = self.held[:at], self.held[at + len(end) :]
                return found
            if len(self.held) > LINE_LIMIT:
                raise Ended
            self.held += self.received(self.socket.recv(step))

    def discard(self, count):
        taken = min(count, len(self.held))
        self.held = self.held[taken:]
        count -= taken
        while count > 0:
            wanted = min(count, DISCARD)
            count -= self.received(
                self.socket.recv_into(self.nowhere, wanted, socket.MSG_TRUNC)
            )

    @staticmethod
    def received(what):
        if not what:
            raise Ended
        return what


def main():
    if sys.platform != "linux":
        sys.exit("Only Linux throws bytes away inside the kernel.")
    server = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(f"http://127.0.0.1:{server.getsockname()[1]}", flush=True)
    while True:
        connection, _ = server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=Connection(connection).serve, daemon=True).start()


main()
