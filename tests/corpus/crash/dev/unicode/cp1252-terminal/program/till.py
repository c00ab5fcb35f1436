"""A till of the shop: speaks Windows-1252, lines ended by \\r\\n, over the wire."""
import socket

LINES = ["Kaffee Crème|3.20 €", "Brötchen|0.90 €", "SUMME|4.10 €"]


def connect():
    ours, theirs = socket.socketpair()
    theirs.sendall("".join(line + "\r\n" for line in LINES).encode("cp1252"))
    theirs.close()
    return ours
