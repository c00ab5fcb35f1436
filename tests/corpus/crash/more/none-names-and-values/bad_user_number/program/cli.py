def parse(argv):
    it = iter(argv)
    for word in it:
        if word == "--count":
            text = next(it)
            if not text.isdigit():
                raise ValueError(f"--count must be a whole number, not {text!r}")
            return int(text)
    return 1
