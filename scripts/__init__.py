"""Set-up and running, started by the Makefile. Standard library only: this runs before anything is installed."""
