"""One small example network for all tests of a worker."""

from pathlib import Path

import pytest

from chorok.demo.build import build
from chorok.demo.manifest import Manifest


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return build(tmp_path_factory.mktemp("예시 자료") / "demo", scale=0.02)


@pytest.fixture(scope="session")
def folder(small: Manifest) -> Path:
    return small.folder
