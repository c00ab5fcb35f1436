from pathlib import Path

from manifest import read_manifest
from verify import verify

HERE = Path(__file__).parent


def main():
    for name, digest in read_manifest(HERE / "MANIFEST").items():
        verify(HERE / "parts" / name, digest)
        print("fine:", name)


if __name__ == "__main__":
    main()
