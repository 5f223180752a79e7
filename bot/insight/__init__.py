"""Quality: what is measured of the running service, and of the understanding on labelled questions."""
