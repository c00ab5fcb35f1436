import re

LINK = re.compile(r"https?://\S+")
RUDE = {"darn": "d***", "heck": "h***"}


def shorten_links(text, width=24):
    return LINK.sub(lambda found: found.group()[:width] + ("…" if len(found.group()) > width else ""), text)


def polite(text):
    return " ".join(RUDE.get(word.lower(), word) for word in text.split(" "))


def clean(text):
    for step in (str.strip, shorten_links, polite):
        text = step(text)
    return text
