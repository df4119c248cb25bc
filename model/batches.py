"""Training images in batches, shuffled anew and, if wanted, varied for each epoch, while the network trains."""

import numpy as np

from model.augment import vary
from model.backend import import_keras
from model.data import Images

keras = import_keras()


class Batches(keras.utils.PyDataset):
    """Float32 images (N, 28, 28, 1) in 0–1 with their labels, the same for the same seed and epoch.

    Keras takes them from threads of its own, so that varying costs little time; a random generator for each batch
    keeps that from changing anything.
    """

    def __init__(self, data: Images, batch_size: int, seed: int, epoch: int, augment: bool, one_hot: bool) -> None:
        super().__init__(workers=2, max_queue_size=16)
        self.data, self.batch_size, self.seed = data, batch_size, seed
        self.epoch, self.augment, self.one_hot = epoch, augment, one_hot
        self._shuffle()

    def __len__(self) -> int:
        return -(-len(self.data.labels) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        images = self.data.images[chosen]
        if self.augment:
            images = vary(images, np.random.default_rng([self.seed, self.epoch, index]))
        return to_input(images), to_target(self.data.labels[chosen], self.one_hot)

    def on_epoch_end(self) -> None:
        self.epoch += 1
        self._shuffle()

    def _shuffle(self) -> None:
        self.order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.data.labels))


def to_input(images: np.ndarray) -> np.ndarray:
    """What every network reads: float32 (N, 28, 28, 1) in 0–1, from uint8 (N, 28, 28)."""
    return images[..., None].astype(np.float32) / 255


def to_target(labels: np.ndarray, one_hot: bool) -> np.ndarray:
    return keras.utils.to_categorical(labels, 10) if one_hot else labels
