"""A seeded maker of synthetic returns with gold: for demonstrations, tests and measurement."""
