import json
import os
from dataclasses import fields, replace

import pytest

import train
from model import InputError
from model.networks import NETWORKS
from model.paths import EXAMPLE_DRAWINGS, SHIPPED_NETWORK
from model.runs import Settings, check_data, check_settings
from model.runs.settings import FILES, MAX_FOLDS, checksums, split_paths, to_flags
from tests.support.runs import DAMAGES, write_npz

NAN, INFINITY = float("nan"), float("inf")
CHOSEN = [  # for each setting, what is not its default
    ("quick", {"network": "he-cnn"}),
    ("quick", {"data": "digits"}),
    ("quick", {"epochs": 7}),
    ("quick", {"batch_size": 33}),
    ("quick", {"learning_rate": 2.5e-6}),
    ("quick", {"images": 50}),
    ("quick", {"augment": True}),
    ("reader", {"augment": False}),
    ("reader", {"strokes": str(EXAMPLE_DRAWINGS)}),
    ("reader", {"strokes": os.pathsep.join([str(EXAMPLE_DRAWINGS)] * 2)}),
    ("reader", {"scans": str(EXAMPLE_DRAWINGS.with_name("scans.npz"))}),
    ("reader", {"nondigits": str(EXAMPLE_DRAWINGS.with_name("symbols.json"))}),
    ("quick", {"start": str(SHIPPED_NETWORK)}),
    ("quick", {"seed": 2**31 - 1}),
    ("he-cnn", {"folds": 4}),
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
    return Settings.of(**{"network": network} | chosen)


def test_every_setting_is_among_those_chosen_here():
    assert {name for _, chosen in CHOSEN for name in chosen} == {each.name for each in fields(Settings)}


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
        *({name: value} for name in FILES for value in (3, NAN, [])),
        {"nondigits": "symbols.json"},  # quick knows only digits
        *({"start": value} for value in (3, NAN, {})),
        *({"seed": value} for value in (None, "0", NAN, -1, 2**31)),
        *({"folds": value} for value in ("2", NAN, 1, {})),
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
