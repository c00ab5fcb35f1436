import json
from pathlib import Path

from raster import Raster


def run(path):
    job = json.loads(path.read_text())
    raster = Raster(job["width"], job["height"], job["fill"])
    raster.set(1, 1, 255)
    return f"{job['name']}: {raster.covered()} cells"


if __name__ == "__main__":
    print(run(Path(__file__).with_name("job.json")))
