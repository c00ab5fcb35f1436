"""Run a script of commands against the counter service, over a pair of sockets."""
import socket

from protocol import Counter, serve_connection


def exchange(lines, counter=None):
    """Send the lines to a server and return its answers."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall("".join(f"{line}\n" for line in lines).encode())
        ours.shutdown(socket.SHUT_WR)
        serve_connection(theirs, counter or Counter())
        theirs.shutdown(socket.SHUT_WR)
        answer = b""
        while part := ours.recv(4096):
            answer += part
    return answer.decode().splitlines()


def main():
    for answer in exchange(["incr visits", "incr visits 5", "get visits", "quit"]):
        print(answer)


if __name__ == "__main__":
    main()
