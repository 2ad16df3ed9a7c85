"""The demo: a fictional company's website, stand-ins for the third parties in its pages, and a
gateway between it and the visitor. Nothing of it leaves the computer it runs on."""
