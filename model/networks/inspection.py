"""Looks at the file of a network before Keras does: nothing in it is built, unpacked or imported before it is bounded.

A file may come from anybody. Keras refuses to run code from it; here, only layers and functions of a list pass at all,
so that nothing is left to a list of what is forbidden.
"""

import io
import json
import math
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from model.errors import InputError, first_line


def _named(words: str) -> frozenset[str]:
    return frozenset(words.split())


CONFIG, WEIGHTS = "config.json", "model.weights.h5"
HDF5 = b"\x89HDF\r\n\x1a\n"
MAX_CONFIG = 5_000_000  # bytes: hundreds of layers
MAX_UNPACKED = 500_000_000  # bytes of all members of an archive
MAX_LAYERS = 300  # as deep as networks for photographs, and built in seconds
MAX_PARAMETERS = 50_000_000  # of float32: 200 MB, as many as VGG on 28×28 has
MAX_WIDTH = 65_536  # units or filters of a layer
WIDTHS = ("units", "filters", "num_heads", "key_dim", "depth_multiplier", "n")
MAX_DEPTH = 60  # of a configuration within another
LAYERS = _named(
    "InputLayer Dense Conv1D Conv2D DepthwiseConv2D SeparableConv2D Conv2DTranspose MaxPooling1D MaxPooling2D "
    "AveragePooling1D AveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D GlobalAveragePooling1D "
    "GlobalAveragePooling2D Flatten Reshape Permute RepeatVector Dropout SpatialDropout1D SpatialDropout2D "
    "GaussianNoise GaussianDropout AlphaDropout ActivityRegularization BatchNormalization LayerNormalization "
    "GroupNormalization RMSNormalization UnitNormalization Normalization Rescaling Resizing CenterCrop RandomFlip "
    "RandomRotation RandomTranslation RandomZoom RandomContrast RandomBrightness RandomCrop Activation ReLU LeakyReLU "
    "PReLU ELU Softmax ZeroPadding1D ZeroPadding2D Cropping1D Cropping2D UpSampling1D UpSampling2D Add Subtract "
    "Multiply Average Maximum Minimum Concatenate Dot LSTM LSTMCell GRU GRUCell SimpleRNN SimpleRNNCell RNN "
    "Bidirectional TimeDistributed MultiHeadAttention Attention AdditiveAttention Identity Masking"
)
MODELS = {"Sequential", "Functional", "Model"}
# Those of keras.ops that a graph of layers usually holds: x / 255, 1 - x, reshape(x) and the like
OPERATIONS = _named(
    "Add Subtract Multiply Divide TrueDivide Negative Reshape ExpandDims Squeeze Transpose Mean Sum Max Min Maximum "
    "Minimum Concatenate Stack Clip Cast Abs Square Sqrt Exp Log Power Relu Sigmoid Softmax Tanh Gelu Silu GetItem "
    "Flatten"
)
ACTIVATIONS = _named(
    "linear relu relu6 softmax log_softmax sigmoid hard_sigmoid tanh hard_tanh elu selu celu gelu silu swish "
    "hard_silu hard_swish leaky_relu softplus softsign exponential mish glu sparse_plus soft_shrink hard_shrink "
    "threshold squareplus tanh_shrink log_sigmoid"
)
# What else a configuration names: classes of these modules, which only hold numbers
OTHERS = re.compile(r"keras(\.src)?\.(initializers|regularizers|constraints|dtype_policies)\b|keras(\.src)?$")
NUMBERS = re.compile(
    r"(Zeros|Ones|Constant|Identity|RandomNormal|RandomUniform|TruncatedNormal|VarianceScaling|Glorot\w+|He\w+|Lecun\w+|"
    r"Orthogonal\w*|L1|L2|L1L2|OrthogonalRegularizer|MaxNorm|NonNeg|UnitNorm|MinMaxNorm|DTypePolicy|FloatDTypePolicy|"
    r"SeedGenerator|Policy|__tuple__|__numpy__|__tensor__|__keras_tensor__|slice|__slice__)"
)
# Layers that neither add parameters to speak of nor make images larger
SIMPLE = _named(
    "Dropout MaxPooling2D AveragePooling2D BatchNormalization Activation ReLU LeakyReLU ELU Softmax Rescaling "
    "GaussianNoise GaussianDropout SpatialDropout2D"
)
MAX_SMALL_LAYERS, MAX_SMALL_PRODUCTS = 60, 3_000_000_000  # built and run in a second
KEPT = {"compile_config", "build_config", "build_input_shape"}  # parts of a configuration that are not used


class Inspected(NamedTuple):
    """What can be told from the file of a network."""

    in_training: bool  # whether this project was training it when it was saved
    is_small: bool  # whether loading it certainly takes little memory and time


def inspect_network(path: Path, remedy: str) -> Inspected:
    """What can be told from the file of a network. Raises InputError if it cannot be one, or must not be loaded."""
    try:
        with path.open("rb") as file:
            start = file.read(len(HDF5))
        config = _in_hdf5(path) if start == HDF5 else _in_archive(path, remedy)
    except InputError:
        raise
    except Exception as error:  # a damaged file can raise nearly anything in its decoder
        raise InputError(f"{path} cannot be loaded as a Keras network ({first_line(error)}): {remedy}.") from None
    try:
        _check_config(config)
        is_small = _is_small(config)
    except RecursionError:
        raise InputError(f"{path} cannot be used: its layers are nested too deeply; {remedy}.") from None
    except InputError as error:
        raise InputError(f"{path} cannot be used: {error}; {remedy}.") from None
    except (TypeError, KeyError, ValueError, AttributeError) as error:  # what is described is not what it should be
        raise InputError(f"{path} cannot be loaded as a Keras network ({first_line(error)}): {remedy}.") from None
    return Inspected("AccuracyOfDigits" in json.dumps(config.get("compile_config")), is_small)


def is_hdf5(path: Path) -> bool:
    """Whether a file is in HDF5, as older versions of Keras save networks (.h5)."""
    try:
        with path.open("rb") as file:
            return file.read(len(HDF5)) == HDF5
    except OSError:
        return False


def _in_archive(path: Path, remedy: str) -> dict[str, Any]:
    """The configuration of a .keras file, once its members and its weights are bearable."""
    if not zipfile.is_zipfile(path):
        raise InputError(f"{path} is cut short or not a .keras file: {remedy}.")
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        for each in members:
            parts = PurePosixPath(each.filename.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts or ":" in each.filename:
                raise InputError(f"{path} holds a file outside of itself, {each.filename!r}: {remedy}.")
            if stat.S_ISLNK(each.external_attr >> 16):
                raise InputError(f"{path} holds a link, {each.filename!r}, in place of a file: {remedy}.")
        if len({each.filename for each in members}) < len(members):
            raise InputError(f"{path} holds two files of the same name: {remedy}.")
        if sum(each.file_size for each in members) > MAX_UNPACKED or _size(archive, CONFIG) > MAX_CONFIG:
            raise InputError(f"{path} would unpack to more than {MAX_UNPACKED // 1_000_000} MB: {remedy}.")
        config = json.loads(archive.read(CONFIG))
        if WEIGHTS in archive.namelist():
            _check_weights(io.BytesIO(archive.read(WEIGHTS)), path, remedy)
    return config if isinstance(config, dict) else {}


def _size(archive: zipfile.ZipFile, name: str) -> int:
    return archive.getinfo(name).file_size if name in archive.namelist() else 0


def _in_hdf5(path: Path) -> dict[str, Any]:
    """The configuration of an .h5 file, once its weights are bearable."""
    import h5py

    _check_weights(path, path, "give a network that was saved whole")
    with h5py.File(path, "r") as file:
        config = file.attrs.get("model_config")
    if config is None:
        raise InputError(f"{path} holds weights alone: save the whole network, with model.save(…).")
    if len(config) > MAX_CONFIG:
        raise InputError(f"{path} describes more layers than can be read: give a smaller network.")
    loaded = json.loads(config)
    return loaded if isinstance(loaded, dict) else {}


def _check_weights(file: io.BytesIO | os.PathLike, path: Path, remedy: str) -> None:
    """Raises InputError if the weights are too many, or not in the file itself."""
    import h5py

    with h5py.File(file, "r") as weights:
        count = 0
        places: list[h5py.Group] = [weights]
        while places:
            group = places.pop()
            for name in group:
                link = group.get(name, getlink=True)
                if not isinstance(link, h5py.HardLink):
                    raise InputError(f"{path} holds a link, {name!r}, in place of weights: {remedy}.")
                found = group[name]
                if isinstance(found, h5py.Group):
                    places.append(found)
                elif isinstance(found, h5py.Dataset):
                    if found.external or found.is_virtual:
                        raise InputError(f"{path} keeps weights in other files: {remedy}.")
                    count += found.size or 0
                if count > MAX_PARAMETERS or len(places) > 50 * MAX_LAYERS:
                    raise InputError(f"{path} holds more than {MAX_PARAMETERS:,} parameters: give a smaller network.")


def _check_config(config: dict[str, Any]) -> None:
    """Raises InputError, to go on after "it cannot be used: ", if it names anything that is not on the lists above."""
    layers = 0
    for each in _objects(config, 0):
        name, module = each["class_name"], each.get("module")
        if not isinstance(name, str) or not (module is None or isinstance(module, str)):
            raise InputError("it names a layer by something that is not a name")
        layers += name in LAYERS
        if layers > MAX_LAYERS:
            raise InputError(f"it has more than {MAX_LAYERS} layers")
        _check_class(name, module, each)
        inner = each.get("config")
        if isinstance(inner, dict):
            _check_values(name, inner)


def _check_class(name: str, module: str | None, each: dict[str, Any]) -> None:
    if name == "function":
        if not isinstance(each.get("config"), str) or each["config"] not in ACTIVATIONS:
            raise InputError(
                f"it computes with a function of its own, {str(each.get('config'))[:60]!r}, which is not run"
            )
        return
    registered = each.get("registered_name")
    if registered is not None and str(registered).rpartition(">")[2] != name:
        raise InputError(f"its layer {name[:60]!r} is registered as something else")
    inside = module is None or module == "keras" or module.startswith("keras.")
    if inside and (name in LAYERS or name in MODELS):
        return
    if module and re.match(r"keras\.(src\.)?ops\b", module) and name in OPERATIONS:
        return
    if (module is None or module == "builtins" or OTHERS.match(module)) and NUMBERS.fullmatch(name):
        return
    raise InputError(
        f"it has a layer of the kind {name[:60]!r}, which could run a program or is not known, so it is not loaded"
    )


def _check_values(name: str, config: dict[str, Any]) -> None:
    for key, value in config.items():
        if "activation" in key and isinstance(value, str) and value not in ACTIVATIONS:
            raise InputError(f"it computes with a function of its own, {value[:60]!r}, which is not run")
        if key in WIDTHS and (not isinstance(value, int) or not 0 < value <= MAX_WIDTH):
            raise InputError(f"its layer {name} is {str(value)[:20]} wide, more than {MAX_WIDTH:,}")
        if (
            key == "name"
            and isinstance(value, str)
            and not re.fullmatch(r"[A-Za-z0-9_.][\w.\-/> ]{0,200}", value, re.A)
        ):
            raise InputError(f"the name of a layer, {value[:40]!r}, is more than letters, digits and underscores")


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """All objects that a configuration describes, within one another."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        if "class_name" in value:
            yield value
        for key, each in value.items():
            if key not in KEPT:
                yield from _objects(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each, depth + 1)


def _is_small(config: dict[str, Any]) -> bool:
    """Whether its layers follow one another and surely hold few parameters, however the images shrink on the way.

    Works with upper bounds: no layer here makes images larger, so none has more places than 28×28.
    """
    layers = config["config"]["layers"] if config.get("class_name") == "Sequential" else []
    channels, places, parameters, products = 1, 28 * 28, 0, 0
    for each in layers:
        name, inner = each["class_name"], each["config"]
        match name:
            case "InputLayer":
                shape = inner.get("batch_shape") or inner.get("batch_input_shape") or []
                if shape[1:] not in ([28, 28, 1], [28, 28], [784]):
                    return False
                channels, places = (784, 1) if shape[1:] == [784] else (28, 28) if shape[1:] == [28, 28] else (1, 784)
            case "Conv2D":
                weights = math.prod(inner["kernel_size"]) * channels * inner["filters"]
                parameters, products, channels = parameters + weights, products + weights * places, inner["filters"]
            case "Dense":
                weights = channels * inner["units"]
                parameters, products, channels = parameters + weights, products + weights * places, inner["units"]
            case "Flatten":
                channels, places = channels * places, 1
            case "GlobalAveragePooling2D" | "GlobalMaxPooling2D":
                places = 1
            case _ if name not in SIMPLE:
                return False
    return 0 < len(layers) <= MAX_SMALL_LAYERS and parameters < MAX_PARAMETERS and products < MAX_SMALL_PRODUCTS
