/* SPDX-License-Identifier: BSD-3-Clause */
/* Links: the target of a path. */
#ifndef GDI_FILES_LINKS_H
#define GDI_FILES_LINKS_H

#include "base/memory.h"

/* A copy of the path with symbolic links in its last component resolved, so renaming a file to it does not replace the
 * links.  Their target need not exist.  The caller releases the copy.  GD_ERR_IO for a cycle of links. */
gd_status gdi_follow_links(char **target, const char *path, const gdi_env *env);

#endif
