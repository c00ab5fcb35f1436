import json

from manifest import build


def main():
    manifest = json.loads(build({"a.txt": b"alpha", "b.txt": b""}))
    print(sorted(manifest), len(manifest["a.txt"]["sha1"]))


main()
