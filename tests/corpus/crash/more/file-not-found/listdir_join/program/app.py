import os
import tempfile

from notes import count_words


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("a.txt", "one two"), ("b.txt", "three"), ("c.md", "not this one")):
            with open(os.path.join(folder, name), "w") as handle:
                handle.write(text)
        print(count_words(folder))


if __name__ == "__main__":
    main()
