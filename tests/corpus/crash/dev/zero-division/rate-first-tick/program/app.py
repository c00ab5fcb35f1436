from progress import Progress


class Ticks:
    """A clock that is moved by hand, for replays."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def replay(chunks: list[tuple[float, int]], total: int) -> list[str]:
    ticks = Ticks()
    progress = Progress(total, ticks)
    lines = [progress.line()]
    for seconds, count in chunks:
        ticks.now += seconds
        progress.advance(count)
        lines.append(progress.line())
    return lines


if __name__ == "__main__":
    print("\n".join(replay([(0.5, 1000), (0.5, 3000)], 4000)))
