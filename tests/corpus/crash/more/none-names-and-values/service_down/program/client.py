import socket


def ask(question):
    with socket.create_connection(("127.0.0.1", 9), timeout=2) as link:
        link.sendall(question.encode() + b"\n")
        return link.makefile().readline()
