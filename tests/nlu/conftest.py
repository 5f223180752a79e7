"""The tests under py310 need Rasa's environment; `.venv-rasa/bin/python -m unittest discover -s tests/nlu/py310` runs them."""

collect_ignore = ["py310"]
