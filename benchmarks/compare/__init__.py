"""The package beside its peers and the floor, in one run."""
