import sys

sys.path.insert(0, "")
import regions

assert regions.by_region() == {"Vienna": ["Main Street", "Market"], "Graz": ["Station"]}
assert regions.read_regions() == {"1010": "Vienna", "8020": "Graz"}
assert regions.read_holidays() == ["2024-01-01", "2024-12-25"]
