from pathlib import Path


def make_parts(folder, count):
    for number in range(count):
        Path(folder, f"{number:04}.part").write_text(f"# part {number}\nvalue {number}\n")
