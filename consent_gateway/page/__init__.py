"""A page as bytes: read into tags with their positions, edited, and put together again."""
