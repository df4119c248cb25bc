import zipfile

import numpy as np
import pytest

from tests.support.own_data import read, write_idx


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("given", ["folder", "images", "labels", "zip"])
def test_mnists_own_files(tmp_path, known, suffix, given):
    file = write_idx(tmp_path / "mnist", *known, suffix=suffix)
    path = {
        "folder": file.parent,
        "images": file,
        "labels": file.with_name(file.name.replace("images-idx3", "labels-idx1")),
    }
    if given == "zip":
        with zipfile.ZipFile(tmp_path / "mnist.zip", "w") as archive:
            for each in file.parent.iterdir():
                archive.write(each, each.name)
    found = read(path.get(given, tmp_path / "mnist.zip"))
    assert found.notes == ()
    assert np.array_equal(found.data.train.images, known[0][:150])
    assert np.array_equal(found.data.test.labels, known[1][150:])
