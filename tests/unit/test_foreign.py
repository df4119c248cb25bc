"""Networks that somebody else trained: what they need is found out, and what is hostile or too large is refused."""

import io
import json
import os
import tempfile
import time
import zipfile
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from model import InputError, checking, foreign, load_recognizer
from model.__main__ import main
from model.data import score_drawings
from model.networks import import_keras
from model.networks.inspection import MAX_UNPACKED
from model.paths import SHIPPED_NETWORK
from tests.support.digits import on_canvas
from tests.support.foreign import KINDS, changed, dense, fitted, functional, plain, rescaling, training

MARK = Path(tempfile.gettempdir()) / f"draw-a-digit-was-executed-{os.getpid()}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_network_needs_is_found_out_and_said(tmp_path, kind):
    name, make, change, loss, said = KINDS[kind]
    recognizer = load_recognizer(fitted(tmp_path / name, make(), change, loss and loss()))
    assert score_drawings(recognizer.predict).right > 100  # of 300 by others; in a wrong way, it is some 30
    reading = recognizer.read(on_canvas(3, 0.6))
    assert reading.probabilities.sum() == pytest.approx(1, abs=1e-3)
    assert reading.probabilities.min() >= 0
    assert all(any(words in note for note in recognizer.notes) for words in said), recognizer.notes
    assert bool(said) == bool(recognizer.notes)
    assert recognizer.adapted([(on_canvas(3, 0.6), 5)]).read(on_canvas(3, 0.6)).digit == 5


@pytest.mark.parametrize("seed", range(6))
def test_of_ways_in_which_a_network_reads_as_well_the_usual_one_is_taken(tmp_path, seed):
    """A network of one layer hardly minds how strong the ink is."""
    keras = import_keras()
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    model, (images, labels) = keras.Sequential(layers), training()
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy")
    model.fit(1 - images, labels, batch_size=128, epochs=20, verbose=0)
    assert load_recognizer(save(tmp_path / "mine.keras", model)).notes == ("It is given black ink on white.",)


def test_a_network_that_the_environment_names_is_used_for_the_built_in_one(tmp_path, monkeypatch, capsys):
    path = fitted(tmp_path / "mine.h5", rescaling(), lambda images: images * 255)
    monkeypatch.setenv("DIGITS_MODEL", str(path))
    assert "from 0 to 255" in load_recognizer().notes[0]
    picture = tmp_path / "three.png"
    cv2.imwrite(str(picture), on_canvas(3, 0.6))
    assert main([str(picture)]) == 0
    assert "from 0 to 255" in capsys.readouterr().err
    monkeypatch.setenv("DIGITS_MODEL", str(tmp_path / "gone.keras"))
    with pytest.raises(InputError, match=r"no network at .*gone\.keras"):
        load_recognizer()


def layer(config, place=-1):
    return config["config"]["layers"][place]


def foreign_layer(module, name, inner, registered=None):
    def change(config):
        config["config"]["layers"].insert(
            2, {"module": module, "class_name": name, "config": inner, "registered_name": registered}
        )

    return change


def activation(value):
    return lambda config: layer(config)["config"].update(activation=value)


RUN = f"touch {MARK}"
HOSTILE = {
    "Lambda": foreign_layer("keras.layers", "Lambda", {"name": "x", "function": "os.system", "arguments": {"x": RUN}}),
    "Lambda with code": foreign_layer(
        "keras.layers",
        "Lambda",
        {"name": "x", "function": {"class_name": "__lambda__", "config": {"code": "4wAAAA==", "defaults": None}}},
    ),
    "os.system as a layer": foreign_layer("os", "system", {"command": RUN}),
    "posix.system as a layer": foreign_layer("posix", "system", {"command": RUN}),
    "subprocess.Popen as a layer": foreign_layer("subprocess", "Popen", {"args": ["touch", str(MARK)]}),
    "get_file as a layer": foreign_layer("keras.utils", "get_file", {"origin": "http://localhost/x"}),
    "load_model as a layer": foreign_layer("keras.saving", "load_model", {"filepath": "/etc/passwd"}),
    "TFSMLayer": foreign_layer("keras.layers", "TFSMLayer", {"filepath": "/tmp", "name": "x"}),
    "TorchModuleWrapper": foreign_layer("keras.layers", "TorchModuleWrapper", {"module": "gASVAAAA", "name": "x"}),
    "StringLookup": foreign_layer("keras.layers", "StringLookup", {"vocabulary": "/etc/passwd", "name": "x"}),
    "a layer of a package": foreign_layer("evil.layers", "Dense", {"units": 10, "name": "x"}),
    "a layer under a false name": foreign_layer("keras.layers", "Dense", {"units": 10, "name": "x"}, "evil>Other"),
    "os.system as an activation": activation({"module": "os", "class_name": "function", "config": "system"}),
    "a builtin as an activation": activation({"module": "builtins", "class_name": "function", "config": "eval"}),
    "get_file as an activation": activation(
        {"module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": "get_file"}
    ),
    "a text as an activation": activation("os.system"),
    "a dotted text as an activation": activation("keras.utils.get_file"),
    "a lambda as an activation": activation({"class_name": "__lambda__", "config": {"code": "4wAAAA=="}}),
    "os.system as an initializer": lambda config: layer(config)["config"].update(
        kernel_initializer={"module": "os", "class_name": "system", "config": {"command": RUN}}
    ),
    "HTML as a name": lambda config: layer(config)["config"].update(name="<img src=x onerror=alert(1)>"),
    "a quadrillion units": lambda config: layer(config)["config"].update(units=10**15),
    "5,000,000 units": lambda config: layer(config, -2)["config"].update(units=5_000_000),
    "units that are no number": lambda config: layer(config)["config"].update(units="many"),
    "3,000 layers": lambda config: config["config"]["layers"].extend([layer(config)] * 3_000),
    "a layer without a configuration": lambda config: layer(config).pop("config"),
    "kernels that are no numbers": lambda config: config["config"]["layers"].insert(
        1, {"class_name": "Conv2D", "module": "keras.layers", "config": {"filters": 8, "kernel_size": ["a", {}]}}
    ),
    "a list for a model": lambda config: config.update(config=[]),
    "a list as a name": lambda config: layer(config).update(class_name=["Dense"]),
}


@pytest.fixture
def never_executed():
    MARK.unlink(missing_ok=True)
    yield
    assert not MARK.exists()


def refusal(path):
    """Why a file is refused, in a sentence, and that it takes neither long nor much memory to say so."""
    memory, began = psutil.Process().memory_info().rss, time.process_time()
    with pytest.raises(InputError) as refused:
        load_recognizer(path)
    message = str(refused.value)
    assert str(path) in message and message.endswith(".") and "\n" not in message
    assert psutil.Process().memory_info().rss - memory < 200_000_000
    assert time.process_time() - began < 5
    return message


@pytest.mark.usefixtures("never_executed")
@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_in_a_file_is_executed(tmp_path, kind):
    import_keras()
    refusal(changed(tmp_path / "mine.keras", HOSTILE[kind]))


@pytest.mark.usefixtures("never_executed")
@pytest.mark.parametrize("kind", ["Lambda", "os.system as a layer", "os.system as an activation", "3,000 layers"])
def test_nor_in_an_older_file(tmp_path, kind):
    import h5py

    path = tmp_path / "mine.h5"
    dense((28, 28, 1)).save(path)
    with h5py.File(path, "a") as file:
        config = json.loads(file.attrs["model_config"])
        HOSTILE[kind](config)
        file.attrs["model_config"] = json.dumps(config)
    refusal(path)


def link():
    info = zipfile.ZipInfo("assets/link")
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../evil.txt", "outside of itself"),
        ("/etc/evil.txt", "outside of itself"),
        ("..\\evil.txt", "outside of itself"),
        (link(), "holds a link"),
        ("config.json", "two files of the same name"),
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_lead_elsewhere_are_refused(tmp_path, name, said):
    assert said in refusal(changed(tmp_path / "mine.keras", members=[(name, "/etc/passwd")]))


def weights_with(make):
    import h5py

    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        make(file, h5py)
    return content.getvalue()


LINKS = {
    "external": lambda file, h5py: file.__setitem__("x", h5py.ExternalLink("/etc/passwd", "/x")),
    "soft": lambda file, h5py: file.__setitem__("x", h5py.SoftLink("/y")),
    "external data": lambda file, h5py: file.create_dataset("x", (10,), "u1", external=[("/etc/passwd", 0, 10)]),
    "virtual": lambda file, h5py: file.create_virtual_dataset("x", h5py.VirtualLayout((10,), "u1")),
    "a billion zeros": lambda file, h5py: file.create_dataset("x", (10**9,), "f4", chunks=(10**6,), compression="gzip"),
}


@pytest.mark.parametrize("kind", LINKS)
def test_weights_that_are_elsewhere_or_too_many_are_refused(tmp_path, kind):
    refusal(changed(tmp_path / "mine.keras", weights=weights_with(LINKS[kind])))


@pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
def test_what_would_unpack_to_too_much_is_refused_unpacked(tmp_path, name):
    path = tmp_path / "mine.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open(name, "w") as file:
        for _ in range(MAX_UNPACKED // 1_000_000 + 1):
            file.write(bytes(1_000_000))
    assert "would unpack to more" in refusal(path)


def save(path, model):
    model.save(path)
    return path


def two_outputs(by_name):
    keras = import_keras()
    image = keras.Input((28, 28, 1))
    answers = [keras.layers.Dense(10, "softmax")(keras.layers.Flatten()(image)) for _ in range(2)]
    return keras.Model(image, {"digit": answers[0]} if by_name else answers)


def with_nan():
    model = dense((28, 28, 1))
    model.set_weights([np.full_like(each, np.nan) for each in model.get_weights()])
    return model


def whole_numbers():
    keras = import_keras()
    image = keras.Input((28, 28, 1))
    answers = keras.layers.Dense(10, "softmax")(keras.layers.Flatten()(image))
    return keras.Model(image, keras.ops.cast(answers * 100, "int32"))


UNUSABLE = {
    "a dictionary": (lambda: two_outputs(True), "by name or in a list"),
    "two answers": (lambda: two_outputs(False), "2 answers"),
    "NaN": (with_nan, "NaN"),
    "whole numbers": (whole_numbers, "whole numbers"),
    "20 answers": (lambda: dense((28, 28, 1), answers=20), "28×28 grey images"),
    "colours": (lambda: dense((28, 28, 3)), "28×28 grey images"),
    "nothing learned, and an input of its own": (lambda: dense((784,)), "known digits"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_cannot_be_understood_is_refused_in_a_sentence(tmp_path, kind, monkeypatch):
    make, said = UNUSABLE[kind]
    if kind != "whole numbers":  # one shows that what the process says is told
        monkeypatch.setattr("model.recognizer.check_in_process", foreign.load_foreign)
    assert said in refusal(save(tmp_path / "mine.keras", make()))


def test_weights_alone_are_refused(tmp_path):
    dense((28, 28, 1)).save_weights(tmp_path / "mine.weights.h5")
    assert "weights alone" in refusal(tmp_path / "mine.weights.h5")


def test_a_network_that_grows_while_it_is_built_is_ended(tmp_path, monkeypatch):
    """Each layer is as wide as is allowed, but between them lie billions of weights."""
    monkeypatch.setattr(checking, "LIMITS", checking.LIMITS._replace(memory=1_200_000_000))

    def widen(config):
        layers = config["config"]["layers"]
        layers[-2]["config"]["units"] = 60_000
        layers[-1:-1] = [json.loads(json.dumps(layers[-2])) for _ in range(3)]
        for number, each in enumerate(layers[2:-1]):
            each["config"]["name"] = f"wide_{number}"

    assert "GB of memory" in refusal(changed(tmp_path / "mine.keras", widen))


def test_a_network_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(
        checking, "LIMITS", checking.LIMITS._replace(seconds=1.0)
    )  # less than the import of TensorFlow takes
    assert "1 seconds" in refusal(save(tmp_path / "mine.keras", functional()))


def test_the_built_in_network_and_those_of_runs_are_taken_as_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr("model.foreign.understand", None)
    load_recognizer(SHIPPED_NETWORK)
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "model.keras").write_bytes(plain())
    load_recognizer(tmp_path / "model.keras")
    os.remove(tmp_path / "run.json")  # noqa: PTH107
    with pytest.raises(TypeError):
        load_recognizer(tmp_path / "model.keras")
