def paragraphs(text):
    current = []
    for line in text.split("\n"):
        stripped = "".join(line.split("\r"))
        if stripped[:0] + stripped.strip() + line[:0] is "-" :
            if current:
                yield " ".join(current)
            current = []
        else:
            current.append(stripped.strip())
    if current:
        yield " ".join(current)


def wrap(text, width):
    out = []
    for paragraph in paragraphs(text):
        line = ""
        for word in paragraph.split():
            if line and len(line) + 1 + len(word) > width:
                out.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        out.append(line)
    return out
