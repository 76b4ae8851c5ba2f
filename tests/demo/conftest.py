"""One small example network for all tests."""

from pathlib import Path

import pytest

from chorok.demo.build import build
from chorok.demo.manifest import Manifest
from once import once


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    made = once(tmp_path_factory, "예시 자료", lambda folder: build(folder / "demo", scale=0.02))
    return Manifest.load(made / "demo")


@pytest.fixture(scope="session")
def folder(small: Manifest) -> Path:
    return small.folder
