/* SPDX-License-Identifier: BSD-3-Clause */
/* Links: where a path leads. */
#ifndef GDI_FILES_LINKS_H
#define GDI_FILES_LINKS_H

#include "base/memory.h"

/* A copy of the path in which symbolic links in its last place have been followed, so that renaming to it leaves the
 * links alone; what they lead to need not be there.  The caller releases it.  GD_ERR_IO for links in a circle. */
gd_status gdi_follow_links(char **target, const char *path, const gdi_env *env);

#endif
