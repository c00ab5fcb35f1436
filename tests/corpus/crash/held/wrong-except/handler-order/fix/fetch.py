from store import Store


class Result:
    def __init__(self, status, text=""):
        self.status = status
        self.text = text

    def __eq__(self, other):
        return (self.status, self.text) == (other.status, other.text)

    def __repr__(self):
        return f"Result({self.status}, {self.text!r})"


def fetch(store: Store, name: str) -> Result:
    """404 for a page that is not there, 403 for one that may not be read, 500 for every other trouble of the disk."""
    try:
        return Result(200, store.read(name))
    except FileNotFoundError:
        return Result(404)
    except PermissionError:
        return Result(403)
    except OSError as error:
        return Result(500, type(error).__name__)
