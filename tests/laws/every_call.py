#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""every_call.py SOURCE -- C code that calls every public function that returns a status, with nothing: NULL for pointers,
NaN for reals, 0 for everything else.  To stdout, as a table `calls` of names and functions without arguments."""
import pathlib
import re
import sys

headers = sorted((pathlib.Path(sys.argv[1]) / "include" / "gamedyn").glob("*.h"))
DECLARATION = re.compile(r"\bGD_API gd_status (gd_\w+)\(([^;]*?)\)(?:\s*GD_EXPERIMENTAL|\s*GD_PRINTF\(.*?\))*;", re.DOTALL)


def nothing(parameter):
    parameter = " ".join(parameter.split())
    if "*" in parameter or "[" in parameter or "gd_apply_fn" in parameter:
        return "NULL"
    if parameter.startswith("gd_node "):
        return "(gd_node){0}"
    return "NAN" if parameter.startswith("double ") else "0"


names = []
for header in headers:
    text = re.sub(r"/\*.*?\*/", " ", header.read_text(), flags=re.DOTALL)
    for name, parameters in DECLARATION.findall(text):
        arguments = ", ".join(nothing(one) for one in parameters.split(",") if one.strip() != "...")
        print(f"static gd_status call_{name}(void) {{ return {name}({arguments}); }}")
        names.append(name)
print("static const struct every_call {\n  const char *name;\n  gd_status (*call)(void);\n} calls[] = {")
for name in names:
    print(f'    {{"{name}", call_{name}}},')
print("};")
