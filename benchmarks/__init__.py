"""What is measured of the package from outside: nothing here is imported by it, or shipped."""
