"""The shipped network and its model card."""

import json
import zipfile

from model.networks import NETWORKS
from model.recognizer import SHIPPED
from views import ROOT


def test_the_shipped_file_is_small_and_holds_no_optimizer():
    assert SHIPPED.stat().st_size <= 5_000_000
    with zipfile.ZipFile(SHIPPED) as archive:
        config = json.loads(archive.read("config.json"))
    assert not config.get("compile_config")


def test_the_model_card_names_a_command_that_the_trainer_takes():
    from model.settings import SETTINGS

    card = (ROOT / "assets" / "model-card.md").read_text(encoding="utf-8")
    command = next(line.strip() for line in card.splitlines() if line.strip().startswith("python train.py"))
    flags = [word.removeprefix("--").replace("-", "_") for word in command.split() if word.startswith("--")]
    assert "--network reader" in command
    assert set(flags) <= {*SETTINGS, "out"}
    assert f"{NETWORKS['reader'].parameters:,} parameters" in card
