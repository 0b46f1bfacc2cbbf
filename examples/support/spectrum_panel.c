/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum_panel.c -- both spectra over the half plane of what decays. */
#include "support/spectrum_panel.h"

#include <math.h>

/* The smallest box around 0 and all points. */
typedef struct box {
  double left, right, top;
} box;

static void write_spectrum(FILE *script, const char *name, const gd_spectrum *spectrum, box *around) {
  fprintf(script, "$%s << EOD\n", name);
  if (gd_spectrum_count(spectrum) == 0) fputs("NaN NaN\n", script);
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double re = gd_spectrum_real(spectrum)[k], im = gd_spectrum_imaginary(spectrum)[k];
    fprintf(script, "%.9g %.9g\n", re, im);
    around->left = fmin(around->left, re);
    around->right = fmax(around->right, re);
    around->top = fmax(around->top, fabs(im));
  }
  fprintf(script, "EOD\n");
}

static void set_panel(FILE *script, const box *around, double gamma) {
  const double size = fmax(around->right - around->left, around->top), margin = size > 0 ? 0.1 * size : 1.0;
  const double top = 1.1 * fmax(around->top, 0.5 * margin);
  fprintf(script,
          "set title 'Eigenvalues before and after consensus, gamma = %g' font ',13' noenhanced\n"
          "set size noratio\nset xtics autofreq\nset ytics autofreq\nset format xy '%%g'\n"
          "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\nset xlabel 'Re'\nset ylabel 'Im'\n",
          gamma, around->left - margin, around->right + margin, -top, top);
  fputs(
      "set object 1 rectangle from graph 0, graph 0 to first 0, graph 1 behind fillstyle solid noborder fillcolor rgb "
      "'#e6f1f9'\nset xzeroaxis linetype 1 linewidth 0.8 linecolor rgb '#999999'\n"
      "set key outside bottom center horizontal reverse Left samplen 1 spacing 1.2\n",
      script);
}

void spectrum_panel_draw(FILE *script, const gd_spectrum *spectrum, const gd_spectrum *consensus, double gamma) {
  box around = {0};
  write_spectrum(script, "before", spectrum, &around);
  write_spectrum(script, "after", consensus, &around);
  set_panel(script, &around, gamma);
  fputs("plot $before with points pointtype 6 pointsize 1.1 linetype 1 linewidth 1.5 title 'of v', "
        "$after with points pointtype 7 pointsize 0.7 linetype 2 title \"of v - gamma J'v\"\n"
        "unset object 1\nunset xzeroaxis\n",
        script);
}
