from pathlib import Path


class Exporter:
    suffix = ".txt"

    def write(self, rows: list[dict], path: Path, header: bool) -> int:
        lines = ["|".join(rows[0])] if header and rows else []
        lines += ["|".join(str(v) for v in row.values()) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        return len(rows)
