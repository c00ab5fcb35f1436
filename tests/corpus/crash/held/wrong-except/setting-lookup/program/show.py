from document import Document
from view import table

DATA = {
    "servers": [{"name": "a", "ports": [80, 443]}, {"name": "b"}],
    "owner": {"mail": "ops@example.org"},
}
PATHS = ["servers.0.ports.1", "servers.1.ports.0", "servers.7.name", "owner.mail", "owner.phone"]


def main():
    for line in table(Document(DATA), PATHS):
        print(line)


if __name__ == "__main__":
    main()
