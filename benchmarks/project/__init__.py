"""The Django project that is served to the harness: the package, a user model, nothing else."""
