"""Where the basemap lies that comes with Shyrdak.

Standard library only, and little of it, for the reason that geo/pipeline/manifest.py gives.
"""

from __future__ import annotations

import os

HEAD_NAME, BLOB_NAME = "basemap.json", "basemap.bin.gz"
OWN_BASEMAP = "default basemap/"
"""What the files of the basemap that comes with Shyrdak are called: the same wherever it and the atlas lie."""

INSTALLED_BASEMAP = "default"
_HERE = os.path.dirname(os.path.abspath(__file__))
# In the package where it is installed, in layers/ in a checkout.
OWN_BASEMAP_FOLDERS = (
    os.path.join(_HERE, INSTALLED_BASEMAP),
    os.path.join(os.path.dirname(os.path.dirname(_HERE)), "layers", "basemap"),
)


def own_basemap() -> str:
    """The folder of the basemap that comes with Shyrdak."""
    places = (folder for folder in OWN_BASEMAP_FOLDERS if os.path.isfile(os.path.join(folder, HEAD_NAME)))
    return next(places, OWN_BASEMAP_FOLDERS[0])
