"""Sizes in settings files: `10K`, `4M`, `1G`, or plain bytes without a suffix."""


def parse_size(text: str) -> int:
    text = text.strip().upper()
    number = text.rstrip("KMG")
    suffix = text[len(number):]
    match suffix:
        case "K":
            factor = 1024
        case "M":
            factor = 1024**2
        case "G":
            factor = 1024**3
        case "":
            factor = 1
        case _:
            raise ValueError(f"unknown size {text!r}")
    return int(number) * factor


def show_size(count: int) -> str:
    for suffix in ("", "K", "M"):
        if count < 1024:
            return f"{count}{suffix}"
        count //= 1024
    return f"{count}G"
