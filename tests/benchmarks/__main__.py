"""Names the benchmarks that there are; each is run by itself, because each takes minutes."""

from __future__ import annotations

from pathlib import Path


def main() -> None:
    """Print one line for each benchmark: how it is started and what it measures."""
    here = Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.glob("*/__main__.py"), *here.glob("*/[a-z]*.py")]):
        text = path.read_text(encoding="utf-8")
        name = ".".join(path.relative_to(here).with_suffix("").parts).removesuffix(".__main__")
        if path == Path(__file__) or 'if __name__ == "__main__"' not in text or "python -m " not in text:
            continue
        print(f"python -m tests.benchmarks.{name:22} {text.splitlines()[0].strip(chr(34))}")


if __name__ == "__main__":
    main()
