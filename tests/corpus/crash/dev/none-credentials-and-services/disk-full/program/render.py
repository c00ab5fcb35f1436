def page(number: int, lines: list[str]) -> str:
    return "\n".join([f"Invoice {number}", "=" * 12, *lines])


def pages(invoices: dict[int, list[str]]) -> list[str]:
    return [page(number, lines) for number, lines in sorted(invoices.items())]
