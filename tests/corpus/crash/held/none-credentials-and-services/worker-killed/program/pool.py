import subprocess
import sys
from pathlib import Path


def encode(clip: str) -> str:
    """Encode a clip in a process of its own; raises CalledProcessError where that ends badly."""
    done = subprocess.run([sys.executable, str(Path(__file__).with_name("worker.py")), clip], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]
