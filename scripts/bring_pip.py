"""Brings pip into an environment that was made without it. Usage: python bring_pip.py ENVIRONMENT_PYTHON.

Tries the pip of this Python, a wheel that the system ships, and the index that pip is configured for, in this order.
"""

from __future__ import annotations

import configparser
import glob
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

WHEEL = "pip-25.3-py3-none-any.whl"
SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"
SHIPPED = ("/usr/share/python-wheels/pip-*.whl", "/usr/lib/python3*/ensurepip/_bundled/pip-*.whl")
SETTINGS = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf", "~/.config/pip/pip.conf", "~/.pip/pip.conf")


def by_own_pip(target: str) -> bool:
    """Let the pip of this Python install one into the environment."""
    command = [sys.executable, "-m", "pip", "--python", target, "install", "--quiet", "pip"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def by_wheel(target: str, wheel: str) -> bool:
    """Run pip out of its own wheel to install it."""
    command = [target, f"{wheel}/pip", "install", "--quiet", "--no-index", wheel]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def configured_index() -> str | None:
    """Return the index that pip is told to use, if any."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    for name in SETTINGS:
        settings = configparser.ConfigParser()
        settings.read(Path(name).expanduser())
        if settings.has_option("global", "index-url"):
            return settings.get("global", "index-url")
    return None


def by_index(target: str) -> bool:
    """Fetch the pinned wheel from the configured index, check its hash, install it."""
    index = configured_index()
    if index is None or not index.startswith("https://"):
        return False
    page = f"{index.rstrip('/')}/pip/"
    with urllib.request.urlopen(page) as answer:
        links = re.findall(r'href="([^"]+)"', answer.read().decode())
    found = next((link for link in links if WHEEL in link), None)
    if found is None:
        return False
    with urllib.request.urlopen(urllib.parse.urljoin(page, found)) as answer:
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != SHA256:
        return False
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder) / WHEEL
        wheel.write_bytes(content)
        return by_wheel(target, str(wheel))


def bring(target: str) -> bool:
    """Try each way in turn; tell whether one worked."""
    if by_own_pip(target):
        return True
    if any(by_wheel(target, wheel) for pattern in SHIPPED for wheel in sorted(glob.glob(pattern))):
        return True
    try:
        return by_index(target)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if bring(sys.argv[1]) else 1)
