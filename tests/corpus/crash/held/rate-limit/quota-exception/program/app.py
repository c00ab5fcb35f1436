from localise import localise
from sdk import Translator

LABELS = {
    "title": "Orders",
    "empty": "Nothing here yet",
    "new": "New order",
    "cancel": "Cancel",
    "close": "Close",
    "help": "Help",
}

if __name__ == "__main__":
    for key, text in localise(LABELS, "de", Translator()).items():
        print(f"{key}={text}")
