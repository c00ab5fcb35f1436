"""The demo's service passes its own tests with its defects, and with each of them mended."""

import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.demo import history

_MENDED = {
    "shop/orders.py": ("self.inventory.release_items(", "self.inventory.release("),
    "shop/quotes.py": ("region=customer.country", "country=customer.country"),
    "shop/support.py": ("reply.content.strip()", '(reply.content if hasattr(reply, "content") else reply.text).strip()'),
    "shop/pricing.py": ("    return amount * coupon", "    if coupon is None:\n        return 0\n    return amount * coupon"),
}


@pytest.mark.parametrize("mended", [False, True])
def test_its_own_tests_pass(tmp_path: Path, mended: bool) -> None:
    for path, content in history.template_files().items():
        text = content.decode()
        if mended and path in _MENDED:
            assert text.count(_MENDED[path][0]) == 1
            text = text.replace(*_MENDED[path])
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 passed" in done.stdout
