import json
import os
from dataclasses import asdict, fields, replace

import pytest

import train
from model import InputError
from model.networks import NETWORKS
from model.paths import EXAMPLE_DRAWINGS, SHIPPED_NETWORK
from model.runs import FILES, Settings, check_data, check_settings, checksums, chosen_network, flag, split_paths
from model.runs.checks import MAX_FOLDS
from tests.support.runs import DAMAGES, write_npz

RECIPE = '{"convolutions": [{"filters": 4, "kernel": 3, "pool": true}], "dense": [8], "dropout": 0.5}'
NAN, INFINITY = float("nan"), float("inf")
CHOSEN = [  # for each setting, what is not its default
    ("quick", {"network": "he-cnn"}),
    ("quick", {"data": "digits"}),
    ("quick", {"mend": False}),
    ("quick", {"epochs": 7}),
    ("quick", {"batch_size": 33}),
    ("quick", {"learning_rate": 2.5e-6}),
    ("quick", {"images": 50}),
    ("own", {"recipe": RECIPE}),
    ("quick", {"optimizer": "sgd"}),
    ("quick", {"dropout": 0.25}),
    ("reader", {"label_smoothing": 0.0}),
    ("quick", {"shuffled_labels": 0.5}),
    ("quick", {"patience": 3}),
    *(("quick", {step: False}) for step in ("threshold", "crop", "resize", "centre")),
    ("quick", {"tensorboard": True}),
    ("quick", {"augment": True}),
    ("reader", {"augment": False}),
    ("reader", {"strokes": str(EXAMPLE_DRAWINGS)}),
    ("reader", {"strokes": os.pathsep.join([str(EXAMPLE_DRAWINGS)] * 2)}),
    ("reader", {"scans": str(EXAMPLE_DRAWINGS.with_name("scans.npz"))}),
    ("reader", {"nondigits": str(EXAMPLE_DRAWINGS.with_name("symbols.json"))}),
    ("quick", {"start": str(SHIPPED_NETWORK)}),
    ("quick", {"start": str(SHIPPED_NETWORK), "drawings": "me"}),
    ("quick", {"seed": 2**31 - 1}),
    ("he-cnn", {"folds": 4}),
    ("he-cnn", {"folds": 4, "engine": "ray"}),
    ("quick", {"held_out": 1_000}),
    ("quick", {"sweep": "learning_rate=0.003,0.01 augment=yes,no", "seeds": 3}),
    ("reader", {"data": "digits", "epochs": 2, "images": 9, "strokes": str(EXAMPLE_DRAWINGS), "seed": 5}),
]


@pytest.fixture(autouse=True)
def _environment(tmp_path, monkeypatch):
    """A small MNIST, and no strokes that nobody asked for."""
    write_npz(tmp_path / "mnist.npz", count=100)
    monkeypatch.setenv("DIGITS_MNIST", str(tmp_path / "mnist.npz"))
    for name in FILES:
        monkeypatch.delenv(f"DIGITS_{name.upper()}", raising=False)


def of(network, chosen):
    if network == "own" and "recipe" not in chosen:
        chosen = chosen | {"recipe": '{"dense": [9]}'}
    return Settings.of(**{"network": network} | chosen)


def test_every_setting_is_among_those_chosen_here():
    assert {name for _, chosen in CHOSEN for name in chosen} == {each.name for each in fields(Settings)}


def to_flags(settings):
    """The command-line arguments that give train.py these settings."""
    flags = []
    for name, value in asdict(settings).items():
        if isinstance(value, bool):
            flags.append(flag(name) if value else flag(f"no_{name}"))
        elif value is not None:
            flags += [flag(name), str(value)]
    return flags


@pytest.mark.parametrize(("network", "chosen"), CHOSEN)
def test_settings_survive_a_round_trip_through_the_command_line(network, chosen, monkeypatch):
    monkeypatch.setattr(train, "check_data", lambda settings: None)  # some of these files do not exist
    settings = of(network, chosen)
    assert settings != of(network, {})
    assert train.choose_settings(train.parse_arguments(to_flags(settings))) == settings


@pytest.mark.parametrize(("network", "chosen"), CHOSEN)
def test_settings_survive_a_round_trip_through_run_json(network, chosen):
    settings = of(network, chosen)
    assert Settings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize("network", NETWORKS)
def test_a_network_named_alone_has_the_settings_of_its_recipe(network):
    settings = train.choose_settings(train.parse_arguments(["--network", network]))
    assert settings == Settings.of(network)
    recipe = NETWORKS[network].recipe
    assert (settings.epochs, settings.batch_size) == (recipe.epochs, recipe.batch_size)
    assert (settings.learning_rate, settings.augment) == (recipe.learning_rate, recipe.augment)


def test_without_flags_quick_is_trained_on_mnist():
    settings = train.choose_settings(train.parse_arguments([]))
    assert (settings.network, settings.data) == ("quick", "mnist")


def test_files_from_the_environment_become_absolute_too(tmp_path, monkeypatch):
    """Each of several, too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(train, "check_data", lambda settings: None)
    monkeypatch.setenv("DIGITS_STROKES", os.pathsep.join(["one.json", "two.json"]))
    monkeypatch.setenv("DIGITS_SCANS", "scans.npz")
    monkeypatch.setenv("DIGITS_NONDIGITS", "symbols.json")
    settings = train.choose_settings(train.parse_arguments(["--network", "reader"]))
    assert settings.strokes == os.pathsep.join([str(tmp_path / "one.json"), str(tmp_path / "two.json")])
    assert (settings.scans, settings.nondigits) == (str(tmp_path / "scans.npz"), str(tmp_path / "symbols.json"))
    quick = train.choose_settings(train.parse_arguments(["--network", "quick"]))
    assert [getattr(quick, name) for name in FILES] == [None] * 3


def test_a_file_whose_name_holds_the_separator_is_one(tmp_path):
    path = tmp_path / f"my{os.pathsep}strokes.json"
    path.write_text("[]", encoding="utf-8")
    assert split_paths(str(path)) == [str(path)]
    assert split_paths(None) == []


@pytest.mark.parametrize("name", FILES)
def test_files_that_cannot_be_used_are_refused_in_a_sentence(tmp_path, name):
    path = tmp_path / "mine"
    with pytest.raises(InputError, match="check the path"):
        check_data(Settings.of("reader", data="digits", **{name: str(path)}))
    path.write_bytes(b"Hello")
    with pytest.raises(InputError, match=r"mine .*must be") as refused:
        check_data(Settings.of("reader", data="digits", **{name: str(path)}))
    assert str(refused.value).endswith(".")


def test_a_change_in_any_of_several_files_changes_the_checksum(tmp_path):
    paths = [tmp_path / "one.json", tmp_path / "two.json"]
    for path in paths:
        path.write_text("[]", encoding="utf-8")
    settings = Settings.of("reader", strokes=os.pathsep.join(map(str, paths)))
    before = checksums(settings)["strokes"]
    paths[1].write_text(json.dumps([1]), encoding="utf-8")
    assert checksums(settings)["strokes"] not in (None, before)
    paths[0].unlink()
    assert checksums(settings)["strokes"] is None


def test_a_run_from_before_augmentation_does_without_it():
    content = Settings.of("reader").to_json()
    for augment in ({}, {"augment": None}):
        assert not Settings.from_json(
            {name: value for name, value in content.items() if name != "augment"} | augment
        ).augment


def test_an_optimizer_brings_its_usual_learning_rate():
    assert Settings.of("quick", optimizer="sgd").learning_rate > Settings.of("he-cnn", optimizer="adam").learning_rate
    assert Settings.of("quick", optimizer="sgd", learning_rate=0.3).learning_rate == 0.3


def test_settings_change_how_a_network_is_trained():
    plain, varied = (
        chosen_network(Settings.of("dense-128x2", **chosen))
        for chosen in ({}, {"optimizer": "sgd", "label_smoothing": 0.1, "dropout": 0.2, "patience": 2})
    )
    assert (plain.recipe.loss, plain.recipe.held_out) == ("sparse_categorical_crossentropy", 0)
    assert (varied.recipe.loss, varied.recipe.label_smoothing) == ("categorical_crossentropy", 0.1)
    assert varied.recipe.held_out  # what decides when to stop is not tested on
    names = [[type(layer).__name__ for layer in each.build().layers] for each in (plain, varied)]
    assert names[1] == [*names[0][:-1], "Dropout", names[0][-1]]
    assert type(varied.build().optimizer).__name__ == "SGD"


def test_dropout_of_ones_own_takes_the_place_of_the_networks():
    model = chosen_network(Settings.of("keras-cnn", dropout=0.1)).build()
    assert [layer.rate for layer in model.layers if type(layer).__name__ == "Dropout"] == [0.1, 0.1]


@pytest.mark.parametrize("name", ["optimizer", "dropout", "label_smoothing", "shuffled_labels", "patience"])
def test_to_teach_drawings_takes_no_such_settings(name):
    values = {"optimizer": "sgd", "patience": 2}
    settings = Settings.of("quick", start=str(SHIPPED_NETWORK), drawings="me", **{name: values.get(name, 0.1)})
    with pytest.raises(InputError, match=f"leave --{name.replace('_', '-')} out"):
        check_settings(settings)


def test_a_recipe_comes_from_a_file_or_as_it_is(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(RECIPE, encoding="utf-8")
    from_file, from_text = (
        train.choose_settings(train.parse_arguments(["--recipe", given, "--data", "digits"]))
        for given in (str(path), RECIPE)
    )
    assert from_file == from_text
    assert (from_file.network, json.loads(from_file.recipe or "")) == ("own", json.loads(RECIPE))
    path.write_text("{", encoding="utf-8")
    for given in (str(path), str(tmp_path / "missing.json"), str(tmp_path)):
        with pytest.raises(InputError, match=r"\.$") as refused:
            train.choose_settings(train.parse_arguments(["--recipe", given]))
        assert given in str(refused.value)


def test_relative_paths_become_absolute(tmp_path, monkeypatch):
    """Because the run may be resumed from another folder."""
    write_npz(tmp_path / "mine.npz")
    monkeypatch.chdir(tmp_path)
    settings = train.choose_settings(train.parse_arguments(["--data", "mine.npz"]))
    assert settings.data == str(tmp_path / "mine.npz")


@pytest.mark.parametrize(
    "damage",
    [
        *({"network": value} for value in (None, 3, "nothing", ["quick"], {})),
        *({"data": value} for value in (None, 3, NAN, ["digits"])),
        *({"epochs": value} for value in (None, "3", NAN, 0, 2.5, True, [])),
        *({"batch_size": value} for value in (None, "many", NAN, -1, {})),
        *({"learning_rate": value} for value in (None, "0.1", NAN, INFINITY, 0, True, [])),
        *({"images": value} for value in ("all", NAN, 0, False)),
        *({"augment": value} for value in ("no", NAN, 1)),
        *({"optimizer": value} for value in (3, "fastest", ["sgd"], {})),
        *({name: value} for name in ("dropout", "label_smoothing") for value in ("0.1", NAN, -0.1, 0.95, True)),
        *({"shuffled_labels": value} for value in ("all", NAN, 1.5)),
        *({"patience": value} for value in (0, 1.5, "never")),
        *({name: value} for name in ("threshold", "crop", "resize", "centre", "tensorboard") for value in (0, "no")),
        {"recipe": {"dense": [8]}},  # of no network that quick is
        {"network": "own"},
        *({"network": "own", "recipe": value} for value in (3, "{", [], {"dense": [0]}, {"layers": 1})),
        {"patience": 3, "folds": 3},
        *({name: value} for name in FILES for value in (3, NAN, [])),
        {"nondigits": "symbols.json"},  # quick knows only digits
        *({"start": value} for value in (3, NAN, {})),
        *({"seed": value} for value in (None, "0", NAN, -1, 2**31)),
        *({"folds": value} for value in ("2", NAN, 1, {})),
        *({"held_out": value} for value in ("2", NAN, 0, {})),
        *({"sweep": value} for value in (3, NAN, {}, "", "learning_rate")),
        {"seeds": 2},  # of what?
        *({"engine": value} for value in (3, NAN, {}, "spark", "ray")),
    ],
    ids=str,
)
def test_damaged_settings_in_run_json_are_refused_in_a_sentence(damage):
    with pytest.raises(InputError) as refused:
        Settings.from_json(Settings.of("quick").to_json() | damage)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_he_cnn_in_folds_has_the_settings_of_its_tutorial_and_the_others_their_own():
    assert Settings.of("he-cnn", 5).batch_size == 32
    assert Settings.of("he-cnn", 5).epochs == 10
    assert Settings.of("he-cnn").batch_size == 200
    for name, network in NETWORKS.items():
        settings = Settings.of(name, 5)
        assert name == "he-cnn" or settings.batch_size == network.recipe.batch_size
        assert settings.folds == 5
        check_settings(settings)


@pytest.mark.parametrize("folds", [0, 1, -5, MAX_FOLDS + 1, 2.5, "5", True])
def test_a_wrong_number_of_folds_is_refused(folds):
    with pytest.raises(InputError, match=f"--folds must be a whole number from 2 to {MAX_FOLDS}"):
        check_settings(replace(Settings.of("quick"), folds=folds))


def test_folds_divide_only_the_images_of_the_data_and_not_more_finely_than_there_are():
    for name in FILES:
        with pytest.raises(InputError, match=f"leave --{name} out"):
            check_settings(Settings.of("reader", 5, **{name: "file"}))
    with pytest.raises(InputError, match="leave --start out"):
        check_settings(Settings.of("quick", 5, start="other.keras"))
    with pytest.raises(InputError, match="only 9 images to divide into 10 folds"):
        check_data(Settings.of("quick", 10, data="digits", images=9))
    check_data(Settings.of("reader", 10, data="digits", images=1_438))  # nothing else is held out


def test_too_few_images_to_hold_some_out_are_refused(tmp_path):
    """Five; of six, one is held out."""
    path = tmp_path / "mine.npz"
    write_npz(path, count=6)
    check_data(Settings.of("reader", data=str(path)))
    write_npz(path, count=5)
    check_data(Settings.of("quick", data=str(path)))
    with pytest.raises(InputError, match="at least 6, not 5"):
        check_data(Settings.of("reader", data=str(path)))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_data_set_is_refused(tmp_path, damage):
    write_npz(tmp_path / "mine.npz", damage)
    with pytest.raises(InputError, match=r"mine\.npz"):
        check_data(Settings.of("quick", data=str(tmp_path / "mine.npz")))
