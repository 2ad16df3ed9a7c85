"""What a release consists of beside the code: how it is built, tried, and what it lists."""
