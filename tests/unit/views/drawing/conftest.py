from importlib import import_module

import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture(scope="session")
def drawing_module():
    """Imports a module of views.drawing, whose package registers the canvas with Streamlit: a page must do so first."""
    assert not AppTest.from_string("import views.drawing", default_timeout=60).run().exception
    return lambda name: import_module(f"views.drawing.{name}")
