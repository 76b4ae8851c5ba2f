"""The package works without its checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_runs_without_the_checkout_and_brings_its_data(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    _brings_its_data(wheel)
    home = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(home)
    program = (
        f"import sys; sys.path.insert(0, {str(home)!r}); import chorok; from chorok.cli import main; "
        "assert chorok.__file__.startswith(sys.path[0]), chorok.__file__; "
        "sys.exit(main(['demo', 'network', '--scale', '0.01', '--json', '-q']))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"share": "64.6"' in done.stdout


def _brings_its_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tracked = subprocess.run(["git", "ls-files", "src/chorok"], cwd=ROOT, capture_output=True, text=True, check=True)
    wanted = {line.removeprefix("src/") for line in tracked.stdout.splitlines()}
    assert wanted <= set(names)
