import re

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text):
    """Turn '1h30m' into seconds; raises ValueError for anything else."""
    parts = re.findall(r"(\d+)([smhd])", text)
    if not parts or "".join(n + u for n, u in parts) != text:
        raise ValueError(f"not a duration: {text!r}")
    return sum(int(n) * UNITS[u] for n, u in parts)


def clock_text(seconds):
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
