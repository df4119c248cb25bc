"""The page, region by region. Everything about digits comes from `model`."""
