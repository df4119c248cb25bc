"""The page, by region; what it knows about digits comes from `model`."""
