import socket
import ssl


def fetch(port, trusted):
    context = ssl.create_default_context(cadata=trusted)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            return secure.recv(1024).split(b"\r\n", 1)[0].decode()
