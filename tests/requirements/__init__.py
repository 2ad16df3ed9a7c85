"""The requirements a law department reads, each test by its id."""
