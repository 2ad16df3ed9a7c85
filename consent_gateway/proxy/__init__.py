"""The door to mitmproxy: nothing outside this folder and addons/ knows it."""
