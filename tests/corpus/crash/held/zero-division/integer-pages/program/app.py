import layout


def plan(names: list[str]) -> dict[int, list[str]]:
    pages: dict[int, list[str]] = {n: [] for n in range(1, layout.page_count(len(names)) + 1)}
    for row, name in enumerate(names):
        pages[layout.page_of(row)].append(name)
    return pages


if __name__ == "__main__":
    for page, names in plan([f"guest {n}" for n in range(60)]).items():
        print(page, len(names), names[0])
