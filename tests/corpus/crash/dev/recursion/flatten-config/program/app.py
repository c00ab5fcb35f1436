"""Turn nested settings into the flat lines that the old controller reads."""
from flatten import flatten, lines

SETTINGS = {
    "listen": {"host": "0.0.0.0", "ports": [8080, 8443]},
    "workers": 4,
    "tags": ["edge", ["eu", "west"]],
    "limits": {"burst": 2.5, "paused": False},
}


def main():
    text = lines(SETTINGS)
    print("\n".join(text))
    print(len(flatten(SETTINGS["tags"])), "tags")


if __name__ == "__main__":
    main()
