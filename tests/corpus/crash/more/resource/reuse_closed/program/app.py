import os
import tempfile

from logs import errors


def main():
    handle, path = tempfile.mkstemp()
    os.write(handle, b"ok 1\nerror 2\nok 3\nerror 4\n")
    os.close(handle)
    try:
        for line in errors(path):
            print(line)
    finally:
        os.unlink(path)


if __name__ == "__main__":
    main()
