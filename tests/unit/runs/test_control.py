import pytest

from model.runs import forget_wishes, wish, wished


def test_each_wish_has_a_number_of_its_own_so_that_a_step_is_made_once(tmp_path):
    assert wished(tmp_path) == ("go", 0)
    for number, what in enumerate(("pause", "batch", "batch", "go"), start=1):
        wish(tmp_path, what)
        assert wished(tmp_path) == (what, number)
    forget_wishes(tmp_path)
    forget_wishes(tmp_path)
    assert wished(tmp_path) == ("go", 0)


@pytest.mark.parametrize("content", ["", "[]", '{"wish": "stop", "number": 1e400}', '{"wish": 3, "number": "x"}', "\0"])
def test_a_damaged_wish_lets_the_training_go_on(tmp_path, content):
    (tmp_path / "wish.json").write_text(content)
    assert wished(tmp_path) == ("go", 0)
    wish(tmp_path, "pause")
    assert wished(tmp_path) == ("pause", 1)
