"""kill -9 at every step: afterwards readers see the old state or the new one, and the next command mends the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

import builders
import crashing
import processes
from builders import CITY, EAST, GREEN, line, posted, states, take, totals, write_csv
from chorok.core.errors import LedgerError
from chorok.ledger import batches, publishing, purchases, schema, snapshots
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger, files_of
from chorok.sources import intake

INTAKE, REJECTS, BATCHES = "chorok.sources.intake", "chorok.sources.rejects", "chorok.ledger.batches"
PURCHASES, PUBLISHING, SNAPSHOTS = "chorok.ledger.purchases", "chorok.ledger.publishing", "chorok.ledger.snapshots"

IMPORT = [
    (f"{INTAKE}:stage", "before", 1),
    (f"{REJECTS}:write", "before", 1),
    (f"{INTAKE}:_keep", "before", 1),
    ("os:chmod", "before", 1),  # the received file is copied, its folder not named yet
    (f"{BATCHES}:save", "before", 1),
    (f"{BATCHES}:save", "after", 1),
    (f"{PURCHASES}:_take_in", "after", 1),  # some files in place, no commit
    (f"{PURCHASES}:post", "after", 1),
    (f"{PUBLISHING}:derive", "before", 1),
    (f"{PUBLISHING}:_write", "after", 2),
    (f"{SNAPSHOTS}:append", "before", 1),
    (f"{SNAPSHOTS}:append", "after", 1),
    (f"{BATCHES}:save", "before", 2),
    (f"{BATCHES}:save", "after", 2),
]
REPLACE = [
    (f"{BATCHES}:save", "after", 1),
    (f"{PURCHASES}:post", "after", 1),
    (f"{PURCHASES}:delete", "after", 1),
    (f"{SNAPSHOTS}:append", "before", 1),
    (f"{SNAPSHOTS}:append", "after", 1),
    (f"{BATCHES}:save", "after", 2),
]
WITHDRAW = [
    (f"{BATCHES}:save", "before", 1),
    (f"{BATCHES}:save", "after", 1),
    (f"{PURCHASES}:delete", "after", 1),
    (f"{PUBLISHING}:derive", "after", 1),
    (f"{SNAPSHOTS}:append", "after", 1),
    (f"{BATCHES}:save", "after", 2),
]


def named(kill: tuple[str, str, int]) -> str:
    return f"{kill[1]}-{kill[0].rpartition('.')[2]}-{kill[2]}"


def bought(org: str, year: int, amount: int, count: int = 4) -> list[dict[str, str]]:
    """Lines of two years, so that two files are posted, and one that is rejected."""
    days = [f"{year}-01-15", f"{year + 1}-01-20", "미정"]
    return [line(day=days[n % 3], org=org, product=GREEN, name=f"의자 {n}", amount=amount + n) for n in range(count)]


@pytest.fixture(scope="module")
def prepared(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of one batch, and files to import."""
    folder = tmp_path_factory.mktemp("정전")
    write_csv(folder / "before.csv", bought(CITY, 2018, 1000))
    write_csv(folder / "new.csv", bought(EAST, 2018, 50))
    write_csv(folder / "instead.csv", bought(CITY, 2018, 7000))
    write_csv(folder / "other.csv", bought(CITY, 2018, 3, count=5))
    take(builders.copy(registered, folder / "ledger"), folder / "before.csv")
    return folder


@pytest.fixture
def ledger(prepared: Path, tmp_path: Path) -> Ledger:
    return builders.copy(prepared / "ledger", tmp_path / "장부")


def content(ledger: Ledger) -> list[tuple]:
    return sorted((row["organisation"], row["bought_on"], row["amount"], row["line_id"]) for row in posted(ledger))


def assert_whole(ledger: Ledger) -> None:
    """Nothing half done lies about, and the account is that of the lines."""
    assert not (ledger.path / "staging").exists()
    table = purchases.table(ledger)
    assert {str(file) for file in (ledger.path / "purchases").glob("year=*/*.parquet")} >= set(files_of(table))
    stray = {str(file) for file in (ledger.path / "purchases").glob("year=*/*.parquet")} - set(files_of(table))
    gone = {Path(action["path"]).name for action in _removed(ledger)}
    assert {Path(file).name for file in stray} <= gone, "files that no commit ever named"
    numbers = [snapshot.number for snapshot in snapshots.every(ledger)]
    assert numbers == sorted(set(numbers))
    assert snapshots.at(ledger, None).purchases == table.version()
    assert set(states(ledger)) <= {"posted", "withdrawn"}
    ours = [
        batch.total().accepted
        for batch in batches.every(ledger)
        if batch.state == "posted" and not _replaced(ledger, batch)
    ]
    assert totals(ledger) == (sum(one.lines for one in ours), sum(one.amount for one in ours))


def _replaced(ledger: Ledger, batch: batches.Batch) -> bool:
    return any(
        other.replaces and other.source == batch.source and other.id != batch.id for other in batches.every(ledger)
    )


def _removed(ledger: Ledger) -> list[dict]:
    import json

    log = sorted((ledger.path / "purchases" / "_delta_log").glob("*.json"))
    actions = [json.loads(text) for file in log for text in file.read_text(encoding="utf-8").splitlines()]
    return [action["remove"] for action in actions if "remove" in action]


@pytest.fixture(scope="module")
def truths(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple]:
    """File -> what the ledger holds after its import, then after the next one, and the figures: without a crash."""
    found = {}
    for file, wish in WISHES.items():
        twin = builders.copy(prepared / "ledger", tmp_path_factory.mktemp("평온") / "twin")
        take(twin, prepared / file, **wish)
        first = content(twin)
        take(twin, prepared / "other.csv", source="other")
        found[file] = (first, content(twin), builders.amounts(builders.ask(twin, "year", "city")))
    return found


WISHES: dict[str, dict[str, str]] = {"new.csv": {}, "instead.csv": {"overlap": "replace"}}


def crash_and_go_on(ledger: Ledger, prepared: Path, truths: dict[str, tuple], file: str, kill: tuple) -> None:
    old, wish = content(ledger), WISHES[file]
    new, last, figures = truths[file]
    assert processes.run(crashing.importing, ledger.path, prepared / file, {"source": "test", **wish}, kill) == -9
    assert content(ledger) in (old, new), "readers see one state or the other"
    take(ledger, prepared / "other.csv", source="other")  # any next command
    assert states(ledger).keys() == {"posted"}
    assert_whole(ledger)
    take(ledger, prepared / file, **wish)
    assert content(ledger) == last
    assert builders.amounts(builders.ask(ledger, "year", "city")) == figures
    assert_whole(ledger)
    assert len(list((ledger.path / "files").iterdir())) == 3


@pytest.mark.parametrize("kill", IMPORT, ids=named)
def test_an_import_is_killed(ledger: Ledger, prepared: Path, truths: dict, kill: tuple) -> None:
    crash_and_go_on(ledger, prepared, truths, "new.csv", kill)


@pytest.mark.parametrize("kill", REPLACE, ids=named)
def test_a_replacing_import_is_killed(ledger: Ledger, prepared: Path, truths: dict, kill: tuple) -> None:
    crash_and_go_on(ledger, prepared, truths, "instead.csv", kill)


@pytest.mark.parametrize("kill", WITHDRAW, ids=named)
def test_a_withdrawal_is_killed(ledger: Ledger, prepared: Path, kill: tuple) -> None:
    old = content(ledger)
    (batch,) = batches.every(ledger)
    assert processes.run(crashing.withdrawing, ledger.path, batch.id, kill) == -9
    assert content(ledger) in (old, [])
    take(ledger, prepared / "other.csv", source="other")
    assert_whole(ledger)
    assert processes.run(crashing.withdrawing, ledger.path, batch.id) == 0
    assert_whole(ledger)
    assert states(ledger) == {"withdrawn": 1, "posted": 1}
    take(ledger, prepared / "before.csv")
    assert states(ledger) == {"posted": 2}
    assert set(old) <= set(content(ledger))
    assert_whole(ledger)


def test_a_crash_of_the_mending_is_mended_too(ledger: Ledger, prepared: Path, truths: dict) -> None:
    """Killed after the commit, then killed again while the next command publishes what was left."""
    wish = {"source": "test"}
    for kill in ((f"{PURCHASES}:post", "after", 1), (f"{SNAPSHOTS}:append", "before", 1)):
        assert processes.run(crashing.importing, ledger.path, prepared / "new.csv", wish, kill) == -9
    take(ledger, prepared / "new.csv")
    assert content(ledger) == truths["new.csv"][0]
    assert_whole(ledger)


def test_derived_folders_can_be_deleted(ledger: Ledger) -> None:
    import shutil

    before = builders.amounts(builders.ask(ledger, "year", "city"))
    shutil.rmtree(ledger.path / "derived")
    assert builders.amounts(builders.ask(ledger, "year", "city")) == before


class TestWriters:
    def test_two_at_once_are_both_in_at_the_end(self, ledger: Ledger, prepared: Path) -> None:
        at_once = [
            processes.start(crashing.importing, ledger.path, prepared / file, {"source": file})
            for file in ("new.csv", "instead.csv", "other.csv")
        ]
        for process in at_once:
            process.join(60)
        assert [process.exitcode for process in at_once] == [0, 0, 0]
        assert states(ledger) == {"posted": 4}
        assert_whole(ledger)

    def test_the_same_file_at_once_is_in_once(self, ledger: Ledger, prepared: Path) -> None:
        at_once = [
            processes.start(crashing.importing, ledger.path, prepared / "new.csv", {"source": "test"}) for _ in range(2)
        ]
        for process in at_once:
            process.join(60)
        assert [process.exitcode for process in at_once] == [0, 0]
        assert states(ledger) == {"posted": 2}
        assert_whole(ledger)

    def test_who_does_not_want_to_wait_is_told_who_writes(self, ledger: Ledger, tmp_path: Path) -> None:
        ready, until = tmp_path / "ready", tmp_path / "until"
        process = processes.start(crashing.holding, ledger.path, ready, until)
        try:
            while not ready.exists():
                assert process.is_alive()
            with pytest.raises(LedgerError) as told, ledger.writing(patience=0):
                pass
            assert told.value.code == "ledger_locked"
            assert str(process.pid) in str(told.value.params["holder"])
            waited: list[str] = []
            with pytest.raises(LedgerError), ledger.writing(patience=0.3, waiting=waited.append):
                pass
            assert len(waited) == 1
        finally:
            until.touch()
            process.join(10)
        with ledger.writing(patience=0):
            pass

    def test_readers_go_on_while_somebody_writes(self, ledger: Ledger, prepared: Path) -> None:
        published = Published.at(ledger)
        files = published.files()
        take(ledger, prepared / "new.csv")
        assert published.files() == files
        with ledger.writing():
            assert totals(ledger)[0] > 0


class TestDisk:
    def test_a_full_disk_is_said_and_leaves_nothing(self, ledger: Ledger, prepared: Path, tmp_path: Path) -> None:
        old, said = content(ledger), tmp_path / "said"
        wish = {"source": "test"}
        code = processes.run(crashing.importing_on_a_small_disk, ledger.path, prepared / "new.csv", wish, 1500, said)
        assert code == 0
        assert said.exists(), "the import went through"
        assert content(ledger) == old
        take(ledger, prepared / "new.csv")
        assert states(ledger) == {"posted": 2}
        assert_whole(ledger)

    @pytest.mark.parametrize("step", ["_keep", "_post"])
    def test_no_space_left_is_put_in_words(self, ledger, prepared, monkeypatch, step: str) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        old = content(ledger)
        with monkeypatch.context() as patch:
            patch.setattr(intake, step, full)
            with pytest.raises(LedgerError) as told:
                take(ledger, prepared / "new.csv")
        assert told.value.code == "disk_full"
        assert content(ledger) == old
        assert not (ledger.path / "staging").exists()
        take(ledger, prepared / "new.csv")
        assert_whole(ledger)


class TestFolder:
    @pytest.mark.parametrize(("step", "code"), [(1, "ledger_newer"), (-1, "ledger_older")])
    def test_a_ledger_of_another_format_is_refused(self, ledger: Ledger, step: int, code: str) -> None:
        (ledger.path / "ledger.toml").write_text(f"format = {schema.FORMAT + step}\n", encoding="utf-8")
        with pytest.raises(LedgerError) as told:
            Ledger.open(ledger.path)
        assert told.value.code == code

    @pytest.mark.parametrize("text", ["", "format = ", "format = 'x'", "other = 1"])
    def test_a_damaged_ledger_is_refused(self, ledger: Ledger, text: str) -> None:
        (ledger.path / "ledger.toml").write_text(text, encoding="utf-8")
        with pytest.raises(LedgerError) as told:
            Ledger.open(ledger.path)
        assert told.value.code == "ledger_damaged"

    def test_no_ledger_and_a_folder_of_something_else(self, tmp_path: Path) -> None:
        with pytest.raises(LedgerError) as told:
            Ledger.open(tmp_path / "nothing")
        assert told.value.code == "ledger_missing"
        (tmp_path / "사진.jpg").touch()
        with pytest.raises(LedgerError) as told:
            Ledger.create(tmp_path)
        assert told.value.code == "ledger_folder_taken"

    def test_making_it_again_opens_it(self, ledger: Ledger) -> None:
        assert Ledger.create(ledger.path) == ledger

    def test_a_batch_is_found_by_the_beginning_of_its_id(self, ledger: Ledger) -> None:
        (batch,) = batches.every(ledger)
        assert batches.load(ledger, batch.id[:12]) == batch
        assert batches.load(ledger, "nothing") is None

    def test_reconciling_a_ledger_in_order_does_nothing(self, ledger: Ledger) -> None:
        with ledger.writing():
            assert publishing.reconcile(ledger) == []
