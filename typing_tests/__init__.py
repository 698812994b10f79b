"""The public interface as a project uses it: read by mypy and pyright, never run."""
