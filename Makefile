# SPDX-License-Identifier: BSD-3-Clause
# The front door: each target installs what is missing (on Debian), configures, builds and does
# its job.  Everything behind it is Meson; README.md has the plain Meson commands.
#
#   make run       build, analyze a Wasserstein GAN with a linear generator, draw it
#   make test      the suite under gcc, under clang, and under gcc's sanitizers
#   make bench     the library beside its peers, as ratios
#   make docs      the site, with Doxygen: reference, pages, and a gallery that the programs draw
#   make check     formatting, lint, sanitizers, valgrind, every program on full disks
#   make campaign  the tests over random instances at full length
#   make fuzz      each fuzz target for SECONDS seconds (60); TARGETS="a b" chooses
#   make coverage  line coverage of lib/, which must be 95 % or more
#   make install   library, headers, gamedyn.pc, CMake package, gamedyn-analyze; PREFIX and DESTDIR are honoured
#   make clean     remove build/

PREFIX ?= /usr/local
PICTURE := build/analyze.png

BUILD_PACKAGES := gcc libc6-dev meson pkg-config libopenblas-dev liblapacke-dev librandom123-dev zlib1g-dev gnuplot-nox
TEST_PACKAGES := $(BUILD_PACKAGES) check libarpack2-dev clang clang-format cmake g++ gfortran
PACKAGES = $(BUILD_PACKAGES)

# What each build folder is configured with.  The sanitizers stop at the first finding.  Left to itself, Meson would
# install into lib64 on a Debian without dpkg-dev, where neither the loader nor CMake looks.
SUITE := -Dtests=enabled -Dexamples=enabled -Dbench=enabled -Ddocs=disabled
OPTIONS_release := -Dlibdir=lib -Dtests=disabled -Dbench=enabled -Ddocs=auto
OPTIONS_gcc := $(SUITE)
OPTIONS_clang := $(SUITE)
OPTIONS_sanitize := $(SUITE) -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false \
  -Dc_args=-fno-sanitize-recover=all
OPTIONS_thread := $(SUITE) -Dbuildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false
OPTIONS_coverage := $(SUITE) -Dbuildtype=debug -Db_coverage=true -Dc_args=-fprofile-update=atomic
OPTIONS_fuzz := -Dtests=enabled -Dexamples=enabled -Dbench=disabled -Ddocs=disabled -Dfuzz=true -Ddefault_library=both \
  -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false \
  "-Dc_args=-fno-sanitize-recover=all -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping" \
  -Dc_link_args=-fprofile-instr-generate
COMPILER_clang := clang
COMPILER_fuzz := clang
SECONDS ?= 60

.PHONY: run test bench docs check campaign fuzz coverage install clean packages

run: build/release/build.ninja
	meson compile -C build/release
	build/release/examples/analyze --matrix examples/data/lq_gan_c.mtx --plot $(PICTURE)
	@echo "The picture is $(CURDIR)/$(PICTURE)"

test: PACKAGES = $(TEST_PACKAGES)
test: build/gcc/build.ninja build/clang/build.ninja build/sanitize/build.ninja
	python3 tests/support/suites.py build/gcc build/clang build/sanitize

bench: PACKAGES = $(BUILD_PACKAGES) python3-numpy python3-scipy
bench: build/release/build.ninja
	meson compile -C build/release bench

docs: PACKAGES = $(BUILD_PACKAGES) doxygen
docs: build/release/build.ninja
	meson setup --reconfigure build/release -Ddocs=enabled
	meson compile -C build/release docs
	@echo "The site is $(CURDIR)/build/release/docs/html/index.html"

check: PACKAGES = $(TEST_PACKAGES) valgrind abigail-tools
check: build/gcc/build.ninja build/sanitize/build.ninja build/thread/build.ninja
	python3 tests/support/suites.py build/gcc --suite lint
	python3 tests/support/suites.py build/thread --suite abi
	python3 tests/support/suites.py build/sanitize build/thread --programs
	python3 tests/support/suites.py build/gcc --programs --valgrind
	GAMEDYN_TESTS=full python3 tests/support/suites.py build/gcc --suite outputs

campaign: PACKAGES = $(TEST_PACKAGES)
campaign: build/gcc/build.ninja
	GAMEDYN_TESTS=full python3 tests/support/suites.py build/gcc --programs

fuzz: PACKAGES = $(TEST_PACKAGES) llvm
fuzz: build/fuzz/build.ninja
	SECONDS_EACH=$(SECONDS) TARGETS="$(TARGETS)" meson compile -C build/fuzz fuzz

coverage: PACKAGES = $(TEST_PACKAGES) gcovr
coverage: build/coverage/build.ninja
	find build/coverage -name '*.gcda' -delete
	python3 tests/support/suites.py build/coverage --programs
	gcovr --root . --filter lib/ --print-summary --fail-under-line 95 build/coverage

install: build/release/build.ninja
	meson configure build/release -Dprefix=$(abspath $(PREFIX))
	meson compile -C build/release
	meson install -C build/release --no-rebuild
	@if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" = 0 ]; then ldconfig; fi

clean:
	rm -rf build

packages:
	@sh tests/support/install-packages $(PACKAGES)

build/%/build.ninja: Makefile | packages
	CC=$(or $(COMPILER_$*),gcc) CXX=$(if $(COMPILER_$*),$(COMPILER_$*)++,g++) meson setup $(if $(wildcard $@),--reconfigure) $(@D) $(OPTIONS_$*)
