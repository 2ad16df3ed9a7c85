"""The operator's own lists of trackers, in the format of EasyPrivacy and EasyList (Adblock Plus).

The format: https://help.adblockplus.org/hc/en-us/articles/360062733293, and what uBlock Origin adds:
https://github.com/gorhill/uBlock/wiki/Static-filter-syntax
"""
