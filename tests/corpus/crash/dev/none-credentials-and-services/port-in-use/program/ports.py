import socket


def reserve():
    """Another program of this machine that was started first."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    holder.listen()
    return holder
