import cv2
import numpy as np
import pytest

from model.preprocessing import prepare, prepare_in_steps


def test_thinning_never_breaks_a_stroke():
    tapered = np.zeros((280, 280), np.uint8)
    cv2.line(tapered, (60, 140), (150, 140), 255, 50)
    cv2.line(tapered, (150, 140), (250, 140), 255, 6)
    parts = cv2.connectedComponents((prepare(tapered) > 0.1).astype(np.uint8))[0] - 1
    assert parts == 1


@pytest.mark.parametrize("waist", [8, 10, 12])
def test_an_8_without_counters_does_not_come_apart_at_its_waist(waist):
    picture = np.zeros((280, 280), np.uint8)
    for middle in ((150, 120), (138, 156)):
        cv2.circle(picture, middle, 20, 255, -1, cv2.LINE_AA)
    cv2.line(picture, (150, 120), (138, 156), 255, waist, cv2.LINE_AA)
    solid = (prepare_in_steps(picture).resized > 100).astype(np.uint8)
    assert cv2.connectedComponents(solid, connectivity=8)[0] == 2  # the background and one piece of ink
