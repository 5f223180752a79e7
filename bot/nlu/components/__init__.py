"""The graph components of the pipeline, in the order of config.yml."""
