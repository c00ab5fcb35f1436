import resource
import tempfile
from pathlib import Path

from checksum import checksums

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def main():
    with tempfile.TemporaryDirectory() as folder:
        for i in range(120):
            (Path(folder) / f"{i:03}.bin").write_bytes(bytes([i]) * 10)
        sums = checksums(sorted(Path(folder).iterdir()))
        print(len(sums), sums[1])


if __name__ == "__main__":
    main()
