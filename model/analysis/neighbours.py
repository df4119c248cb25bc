"""Finds the training images that look most like a drawing, fast and with little memory.

Distances are Euclidean, over the 784 pixels in 0–1; 0 means the same picture. As float32, MNIST's 60,000 images would
take 188 MB and a tenth of a second per search. So the search is over principal components (12 MB), and only the best
candidates are compared pixel by pixel.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.data import Images

if TYPE_CHECKING:
    from sklearn.decomposition import PCA
    from sklearn.neighbors import NearestNeighbors

COMPONENTS = 50  # they hold 83 % of MNIST's variance; the ten nearest are then nearly always among the candidates
CANDIDATES = 100
MAX_FITTED = 10_000  # images that the components are computed from
CHUNK = 5_000  # images converted to float32 at a time: 16 MB
SAMPLE = 300  # training images whose distances to their own nearest neighbours define what "close" means
# Words for distances, each with the quantile of the sample's distances up to which it is used
WORDS = (("very close", 0.25), ("close", 0.75), ("some way off", 0.99))
BEYOND = "far off"  # the word for any larger distance


class Index(NamedTuple):
    """Training images, ready to be searched from any number of threads at once."""

    images: Images
    numbers: np.ndarray  # the indices of those that are searched, in ascending order
    components: "PCA"
    tree: "NearestNeighbors"
    limits: tuple[float, ...]  # the largest distance for each of WORDS


@dataclass(frozen=True)
class Neighbour:
    """A training image that looks like the drawing."""

    index: int  # among the training images
    label: int  # the digit it shows
    distance: float  # to the drawing
    word: str  # for the distance: one of WORDS, or BEYOND


def build_index(images: Images, numbers: np.ndarray | None = None) -> Index:
    """An index of uint8 images (N, 28, 28), or only of those with these numbers. Takes a few seconds for 60,000.

    It uses one core only: the page needs the others to read digits meanwhile, and on a busy machine threads that wait
    for each other take many times as long.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return _build(images, np.arange(len(images.labels)) if numbers is None else np.sort(numbers))


def _build(images: Images, numbers: np.ndarray) -> Index:
    from sklearn.decomposition import PCA
    from sklearn.neighbors import NearestNeighbors

    rng = np.random.default_rng(0)
    count = len(numbers)
    fitted = numbers[np.sort(rng.permutation(count)[:MAX_FITTED])]
    components = PCA(min(COMPONENTS, count), svd_solver="covariance_eigh").fit(_pixels(images.images[fitted]))
    places = np.empty((count, components.n_components_), np.float32)
    for start in range(0, count, CHUNK):
        places[start : start + CHUNK] = components.transform(_pixels(images.images[numbers[start : start + CHUNK]]))
    tree = NearestNeighbors(n_neighbors=min(CANDIDATES, count), algorithm="brute").fit(places)
    index = Index(images, numbers, components, tree, ())
    sample = _pixels(images.images[numbers[rng.permutation(count)[:SAMPLE]]])
    # Not the nearest, which is the image itself, but the second nearest.
    own = [np.sort(distances)[:2][-1] for _, distances in _candidates(index, sample)]
    return index._replace(limits=tuple(float(np.quantile(own, share)) for _, share in WORDS))


def find_nearest(index: Index, image: np.ndarray, count: int = 10) -> list[Neighbour]:
    """The `count` training images nearest to an image, float32 (28, 28) in 0–1, the nearest first."""
    ((candidates, distances),) = _candidates(index, image.reshape(1, -1))
    nearest = np.argsort(distances, kind="stable")[:count]
    return [
        Neighbour(
            int(candidates[i]),
            int(index.images.labels[candidates[i]]),
            float(distances[i]),
            _word(float(distances[i]), index.limits),
        )
        for i in nearest
    ]


def _candidates(index: Index, wanted: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each of the wanted images (M, 784) in 0–1: the training images that may be nearest, and their distances."""
    found = index.tree.kneighbors(index.components.transform(wanted), return_distance=False)
    for candidates, one in zip(index.numbers[found], wanted, strict=True):
        yield candidates, np.linalg.norm(_pixels(index.images.images[candidates]) - one, axis=1)


def _word(distance: float, limits: tuple[float, ...]) -> str:
    return next((word for (word, _), limit in zip(WORDS, limits, strict=False) if distance <= limit), BEYOND)


def _pixels(images: np.ndarray) -> np.ndarray:
    """Uint8 (N, 28, 28) as float32 (N, 784) in 0–1."""
    return images.reshape(len(images), -1).astype(np.float32) / 255
