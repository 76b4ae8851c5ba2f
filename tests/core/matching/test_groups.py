import random

import numpy as np
import pytest

from chorok.core.errors import BadInputError, LedgerError
from chorok.core.matching.group_words import GroupWords, ItemGroupText
from chorok.core.matching.groups import GroupModel
from chorok.ledger.group_models import load_model, save_model

WORDS = {"chair": ("사무용 의자", "회의용 의자"), "light": ("LED 등기구", "LED 투광등"), "-": ("복사용지", "생수")}


def coded(count: int, seed: int) -> tuple[list[str], list[str], list[str]]:
    dice = random.Random(seed)
    labels = [dice.choice(list(WORDS)) for _ in range(count)]
    makers = [f"maker{dice.randrange(20)}" for _ in labels]
    texts = [
        f"{maker} {dice.choice(WORDS[label])} {dice.randrange(999)}"
        for label, maker in zip(labels, makers, strict=True)
    ]
    return texts, labels, makers


@pytest.fixture(scope="module")
def model() -> GroupModel:
    return GroupModel.learn(*coded(300, 1), snapshot=4)


def test_it_tells_the_groups_apart_on_makers_it_never_saw(model):
    texts, labels, _ = coded(200, 2)
    said = [group for group, _ in model.apply([text.replace("maker", "firm") for text in texts])]
    answered = [pair for pair in zip(said, labels, strict=True) if pair[0] is not None]
    assert len(answered) > 100
    assert sum(one == other for one, other in answered) >= 0.98 * len(answered)
    assert "-" in said
    assert model.facts["snapshot"] == 4


def test_it_abstains_on_what_it_does_not_know(model):
    assert [group for group, _ in model.apply(["", "🌱", "xyzzy"])] == [None, None, None]
    assert model.apply([]) == []
    assert len(model.apply(["의자 " * 3000])) == 1


def test_labels_without_sense_leave_it_silent():
    dice = random.Random(3)
    texts, _, makers = coded(200, 4)
    model = GroupModel.learn(texts, [dice.choice("ab") for _ in texts], makers)
    assert model.threshold == float("inf")
    assert all(group is None for group, _ in model.apply(texts))


def test_learning_again_gives_the_same_model(model):
    again = GroupModel.learn(*coded(300, 1), snapshot=4)
    assert np.array_equal(again.weights, model.weights)
    assert (again.threshold, again.facts) == (model.threshold, model.facts)


def test_saved_and_loaded_it_answers_alike(model, tmp_path):
    save_model(model, tmp_path / "모델 하나")
    save_model(model, tmp_path / "모델 하나")
    loaded = load_model(tmp_path / "모델 하나")
    texts = coded(50, 5)[0]
    assert loaded.apply(texts) == model.apply(texts)
    assert loaded.facts == model.facts
    assert [path.name for path in tmp_path.iterdir()] == ["모델 하나"]


def test_a_damaged_model_is_refused(model, tmp_path):
    save_model(model, tmp_path / "model")
    (tmp_path / "model" / "weights.npz").write_bytes(b"PK")
    with pytest.raises(LedgerError) as caught:
        load_model(tmp_path / "model")
    assert caught.value.code == "groups_unreadable"


@pytest.mark.parametrize("labels", [["a"] * 6, ["a", "b"] * 3])
def test_too_little_to_learn_from_is_said(labels):
    makers = [f"m{place % 2}" for place in range(6)]
    with pytest.raises(BadInputError) as caught:
        GroupModel.learn(["의자"] * 6, labels, makers)
    assert caught.value.code == "groups_too_few"


WORDED = GroupWords.of(
    [
        ItemGroupText("chair", ("의자", "사무용 의자", "chair")),
        ItemGroupText("asphalt", ("아스팔트 콘크리트", "아스콘")),
        ItemGroupText("bench", ("벤치", "공원 의자", "공용품")),
        ItemGroupText("other", ("공용품",)),
    ]
)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("의자", "chair"),
        ("사무용의자 FX-100 백색", "chair"),
        ("의자류", "chair"),
        ("office chair", "chair"),
        ("공원의자", "bench"),  # the longest word counts
        ("재생 아스팔트 콘크리트 WC-2", "asphalt"),
        ("의자용 커버", None),
        ("의자 커버", None),
        ("가죽 의자 수리", None),
        ("의자, 아스콘", None),  # two groups
        ("공용품", None),  # a word of two groups
        ("chairman", None),
        ("책상", None),
        ("", None),
    ],
)
def test_words_name_a_group_or_nothing(text, group):
    assert WORDED.apply([text])[0][0] == group


def test_without_groups_nothing_is_named():
    assert GroupWords.of([]).apply(["의자"]) == [(None, 0.0)]
