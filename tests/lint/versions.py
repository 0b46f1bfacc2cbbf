#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""versions.py SOURCE -- one version everywhere: meson.build, version.h, the changelog, the map, the soname."""
import re

from lint import SOURCE, Lint


def found(pattern, *parts):
    return re.findall(pattern, SOURCE.joinpath(*parts).read_text(), re.MULTILINE)


version = found(r"^  version: '([\d.]+)',$", "meson.build")[0]
series = ".".join(version.split(".")[:2])
places = {
    "include/gamedyn/version.h": ".".join(found(r"^#define GD_VERSION_\w+ (\d+)$", "include", "gamedyn", "version.h")) == version,
    "CHANGELOG.md": version in found(r"^## \[([\d.]+)\]", "CHANGELOG.md"),
    "lib/gamedyn.map": series in found(r"^GAMEDYN_([\d.]+) \{$", "lib", "gamedyn.map"),
    "lib/meson.build": found(r"soversion: '(\w+)'", "lib", "meson.build") == found(r"libgamedyn\.so\.(\w+)'", "lib", "meson.build"),
}
lint = Lint()
for place, agrees in places.items():
    lint.look(place, [] if agrees else [(None, f"does not agree with version {version} of meson.build")])
lint.close()
