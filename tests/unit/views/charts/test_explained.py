import pytest

from views.charts.explained import explain_curves


def moment(epoch, accuracy, validated=None):
    row = {"epoch": epoch, "accuracy": accuracy, "loss": 1 - accuracy}
    return row if validated is None else row | {"val_accuracy": validated, "val_loss": 1 - validated}


def epochs(*losses):
    """An epoch for each pair of losses, on training images and on those of the second curve."""
    return [
        {"epoch": number, "accuracy": 1 - loss / 10, "loss": loss, "val_accuracy": 1 - second / 10, "val_loss": second}
        for number, (loss, second) in enumerate(losses, start=1)
    ]


@pytest.mark.parametrize(
    ("rows", "moments", "said"),
    [
        ([], [moment(0.1, 0.5), moment(0.2, 0.9), moment(0.3, 0.93, 0.4)], "far below"),
        ([], [moment(0.1, 0.5), moment(0.2, 0.9), moment(0.3, 0.93, 0.9)], None),
        ([], [moment(2.1, 0.9), moment(2.2, 0.9), moment(2.3, 0.93, 0.4)], None),
        (epochs((0.5, 0.4), (0.3, 0.31), (0.2, 0.33), (0.1, 0.4)), [], "Since epoch 2"),
        (epochs((0.5, 0.5), (0.3, 0.31), (0.2, 0.31), (0.1, 0.32)), [], None),  # hardly risen
        (epochs((0.5, 0.5), (0.3, 0.3), (0.3, 0.4)), [], None),  # the training loss has not fallen either
        (
            epochs(
                (0.5, 0.2),
            ),
            [],
            "read better",
        ),
        (
            epochs(
                (0.2, 0.2),
            ),
            [],
            None,
        ),
        ([], [], None),
    ],
)
def test_curves_are_explained_when_there_is_something_to_learn_from_them(rows, moments, said):
    words = explain_curves(rows, moments, "test")
    assert words is None if said is None else said in words
