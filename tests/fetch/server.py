"""Servers for the tests of fetching, on loopback only: nginx, plain and with TLS, and a server that misbehaves as a test tells it
to."""

import hashlib
import http.server
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

NGINX = """
daemon off;
master_process off;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 64; }}
http {{
    log_format asked '$request_method $request_uri $status $body_bytes_sent $connection "$http_range"';
    access_log {root}/access.log asked;
    types {{ application/octet-stream ipk; }}
    # the first request for a file of /big/ takes minutes, so that there is time to kill it; the request for the rest does not
    map $http_range $big_rate {{ "" 1000; default 0; }}
    client_body_temp_path {root}/tmp; proxy_temp_path {root}/tmp; fastcgi_temp_path {root}/tmp;
    uwsgi_temp_path {root}/tmp; scgi_temp_path {root}/tmp;
    server {{
        listen 127.0.0.1:{plain};
        listen 127.0.0.1:{tls} ssl;
        ssl_certificate {root}/server.pem;
        ssl_certificate_key {root}/server.key;
        root {root}/www;
        keepalive_requests 1000;
        location /circle/ {{ return 302 /circle/$request_id; }}
        location /local/ {{ return 302 file:///etc/hostname; }}
        location /moved/ {{ rewrite ^/moved/(.*)$ /$1 redirect; }}
        location /down/ {{ return 302 http://127.0.0.1:{plain}/later$uri; }}
        location ~ ^/many/.*ipk$ {{ limit_rate 1000; }}
        location /big/ {{ limit_rate_after 100k; limit_rate $big_rate; }}
        location /slow/ {{ alias {root}/www/later/; limit_rate 10; }}
    }}
}}
"""


def nginx():
    """The path of nginx, installed or unpacked by scripts/setup; None if there is none."""
    return next(filter(None, (shutil.which(os.path.join(folder, "nginx")) for folder in (
        "/usr/sbin", os.path.join(tap.ROOT, "build", "unpacked", "usr", "sbin")))), None)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def certificates(root):
    """A CA, and a certificate for 127.0.0.1 that it signed."""
    quiet = {"check": True, "capture_output": True, "cwd": root}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=kmodaudit test"], **quiet)
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                    "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1"], **quiet)
    with open(os.path.join(root, "names"), "w", encoding="ascii") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    subprocess.run(["openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                    "-out", "server.pem", "-days", "2", "-extfile", "names"], **quiet)


class Nginx:
    def __init__(self, root):
        self.root = root
        self.log = os.path.join(root, "access.log")
        self.plain, self.tls = free_port(), free_port()
        os.makedirs(os.path.join(root, "tmp"), exist_ok=True)
        certificates(root)
        config = os.path.join(root, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(NGINX.format(root=root, plain=self.plain, tls=self.tls))
        self.process = subprocess.Popen([nginx(), "-e", os.path.join(root, "error.log"), "-c", config],
                                        stderr=subprocess.DEVNULL)
        self.wait()

    def wait(self):
        while self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.tls)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("nginx does not answer: " + open(os.path.join(self.root, "error.log"), encoding="utf-8").read())

    def url(self, path):
        return f"http://127.0.0.1:{self.plain}/{path}"

    def secure(self, path):
        return f"https://127.0.0.1:{self.tls}/{path}"

    def asked(self):
        """[method, path, status, bytes of the body, connection, range] of each request since the last call."""
        with open(self.log, encoding="utf-8") as file:
            lines = file.read().splitlines()
        open(self.log, "w", encoding="utf-8").close()
        return [line.split(" ", 5) for line in lines]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(tap.PATIENCE)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as nginx cannot. The server's `plan` maps a path to a function that answers; everything else comes from the files."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0]
        self.server.asked.append((path, self.headers.get("Range"), self.headers.get("If-Range")))
        plan = self.server.plan.get(path)
        times = sum(asked[0] == path for asked in self.server.asked)
        if plan and plan(self, times):
            return
        try:
            with open(self.server.root + path, "rb") as file:
                body = file.read()
        except OSError:
            self.answer(404, b"not here\n")
            return
        wanted = self.headers.get("Range")
        if wanted and self.headers.get("If-Range") in (None, '"one"'):
            start = int(wanted[len("bytes="):-1])
            self.answer(206, body[start:], {"ETag": '"one"', "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"})
        else:
            self.answer(200, body, {"ETag": '"one"'})

    def answer(self, status, body, headers=None, length=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        with open(self.server.root + self.path, "rb") as file:
            return file.read()

    def cut(self):
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class Awkward:
    def __init__(self, root):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a client that goes away is what is tested
        self.server.root, self.server.plan, self.server.asked = root, {}, []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def on(self, path, what):
        self.server.plan = {path: what}
        self.server.asked.clear()

    def asked(self, path):
        return [asked[1:] for asked in self.server.asked if asked[0] == path]

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_address[1]}/{path}"

    def stop(self):
        self.server.shutdown()
