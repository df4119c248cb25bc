import numpy as np

from views.shared.figures import bars


def test_bars_say_their_numbers():
    html = bars(np.eye(10, dtype=np.float32)[4] * 0.9 + 0.01, 4)
    assert "4: 91.0 %" in html
    assert html.count("<i>") == 10
