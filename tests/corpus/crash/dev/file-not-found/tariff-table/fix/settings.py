"""Where the calculator finds its tables."""
from pathlib import Path

ROOT = Path(__file__).parent
DATA = ROOT / "data"
RATES_FILE = DATA / "shipping_rates.csv"
ZONES_FILE = DATA / "zones.csv"
CURRENCY = "EUR"
