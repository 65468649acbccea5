# Options, warnings, hardening, and the tool chain of the base programs.
# Every probe that the compiler refuses is kept in gv_refused and printed by GV_SUMMARY.

AC_DEFUN([GV_OPTIONS], [
AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [make warnings errors (our CI does)])],
  [], [enable_werror=no])
AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers], [build with the address and undefined behaviour sanitizers])],
  [], [enable_sanitizers=no])
AC_ARG_ENABLE([thread-sanitizer], [AS_HELP_STRING([--enable-thread-sanitizer], [build with the thread sanitizer])],
  [], [enable_thread_sanitizer=no])
AC_ARG_ENABLE([fuzzing], [AS_HELP_STRING([--enable-fuzzing], [build libFuzzer programs (needs clang)])],
  [], [enable_fuzzing=no])
AC_ARG_ENABLE([coverage], [AS_HELP_STRING([--enable-coverage], [build with gcov instrumentation])],
  [], [enable_coverage=no])
AC_ARG_WITH([isal], [AS_HELP_STRING([--without-isal], [inflate by zlib even where ISA-L is there])],
  [], [with_isal=auto])
AC_ARG_VAR([BASE_CC], [compiler of the base programs (default: musl-gcc when it is there and works)])
gv_refused=
AM_CONDITIONAL([FUZZING], [test "$enable_fuzzing" = yes])
])

# GV_PROBE_FLAG(VARIABLE, FLAG, [COMPILER]): append FLAG when the compiler takes it.
AC_DEFUN([GV_PROBE_FLAG], [
gv_save_CC=$CC gv_save_CFLAGS=$CFLAGS gv_save_LDFLAGS=$LDFLAGS
m4_ifval([$3], [CC=$3 LDFLAGS=$BASE_LDFLAGS])
gv_flag="$2"
# gcc accepts any -Wno-foo silently, so ask for -Wfoo.
gv_probe=`AS_ECHO(["$gv_flag"]) | $SED 's/^-Wno-/-W/'`
CFLAGS="$gv_probe -Werror"
AS_CASE([$gv_flag], [-Wl,*|-pie|-no-pie|-static], [LDFLAGS="$gv_flag"])
AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[return puts("") < 0;]])],
  [AS_VAR_APPEND([$1], [" $gv_flag"])],
  [AS_VAR_APPEND([gv_refused], [" $gv_flag"])])
CC=$gv_save_CC CFLAGS=$gv_save_CFLAGS LDFLAGS=$gv_save_LDFLAGS
])

AC_DEFUN([GV_REQUIRE_CLEANUP_ATTRIBUTE], [
AC_MSG_CHECKING([for __attribute__((cleanup))])
AC_RUN_IFELSE([AC_LANG_PROGRAM([[
static int seen;
static void mark(int *p) { seen = *p; }
static void scope(void) { __attribute__((cleanup(mark))) int x = 7; (void)x; }]],
  [[scope(); return seen != 7;]])],
  [AC_MSG_RESULT([yes])],
  [AC_MSG_RESULT([no]); AC_MSG_ERROR([gover needs a compiler with __attribute__((cleanup)), such as gcc or clang])],
  [AC_MSG_RESULT([assumed when cross-compiling])])
])

AC_DEFUN([GV_WARNINGS], [
WARN_CFLAGS=
m4_foreach_w([gv_w], [-Wall -Wextra -Wshadow -Wformat=2 -Wconversion -Wno-sign-conversion -Wmissing-prototypes
  -Wstrict-prototypes -Wundef -Wvla -Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference -Wwrite-strings],
  [GV_PROBE_FLAG([WARN_CFLAGS], gv_w)])
AS_IF([test "$enable_werror" = yes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
AC_SUBST([WARN_CFLAGS])
])

AC_DEFUN([GV_HARDENING], [
HARDEN_CFLAGS= HARDEN_LDFLAGS= HARDEN_PIE_CFLAGS= HARDEN_PIE_LDFLAGS=
m4_foreach_w([gv_w], [-fstack-protector-strong -fstack-clash-protection -fcf-protection=full -fstrict-flex-arrays=3
  -ftrivial-auto-var-init=zero], [GV_PROBE_FLAG([HARDEN_CFLAGS], gv_w)])
# FORTIFY needs optimisation, and hides overflows from the sanitizers.
AS_IF([test "$enable_sanitizers$enable_thread_sanitizer$enable_fuzzing" = nonono],
  [AS_CASE([" $CFLAGS "], [*" -O@<:@123s@:>@ "*],
    [GV_PROBE_FLAG([HARDEN_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3])])])
GV_PROBE_FLAG([HARDEN_LDFLAGS], [-Wl,-z,relro])
GV_PROBE_FLAG([HARDEN_LDFLAGS], [-Wl,-z,now])
GV_PROBE_FLAG([HARDEN_LDFLAGS], [-Wl,-z,noexecstack])
GV_PROBE_FLAG([HARDEN_PIE_CFLAGS], [-fPIE])
GV_PROBE_FLAG([HARDEN_PIE_LDFLAGS], [-pie])
AC_SUBST([HARDEN_CFLAGS])
AC_SUBST([HARDEN_LDFLAGS])
AC_SUBST([HARDEN_PIE_CFLAGS])
AC_SUBST([HARDEN_PIE_LDFLAGS])
])

AC_DEFUN([GV_INSTRUMENTATION], [
INSTR_FLAGS=
AS_IF([test "$enable_sanitizers" = yes],
  [INSTR_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"])
AS_IF([test "$enable_thread_sanitizer" = yes],
  [AS_IF([test "$enable_sanitizers" = yes], [AC_MSG_ERROR([--enable-sanitizers and --enable-thread-sanitizer exclude each other])])
   INSTR_FLAGS="-fsanitize=thread -fno-omit-frame-pointer"])
AS_IF([test "$enable_coverage" = yes], [INSTR_FLAGS="$INSTR_FLAGS --coverage"])
AS_IF([test "$enable_fuzzing" = yes],
  [GV_PROBE_FLAG([gv_fuzz_ok], [-fsanitize=fuzzer-no-link])
   AS_IF([test -z "$gv_fuzz_ok"], [AC_MSG_ERROR([--enable-fuzzing needs clang with libFuzzer: try CC=clang])])
   INSTR_FLAGS="$INSTR_FLAGS -fsanitize=fuzzer-no-link"
   FUZZ_ENGINE=-fsanitize=fuzzer])
AC_SUBST([FUZZ_ENGINE])
AC_SUBST([INSTR_FLAGS])
])

# The base programs (gover, gover-agent) start some thousand times in a build, so they are
# static and not position independent: musl, else static libc, else whatever links.
AC_DEFUN([GV_BASE_TOOLCHAIN], [
BASE_LDFLAGS= base_mode=dynamic
AS_IF([test -n "$INSTR_FLAGS"],
  [BASE_CC=$CC; base_mode="dynamic (instrumented)"],
  [AS_IF([test -z "$BASE_CC" && test "$cross_compiling" != yes], [AC_PATH_PROG([BASE_CC], [musl-gcc])])
   AS_IF([test -n "$BASE_CC"],
     [GV_TRY_STATIC([$BASE_CC], [base_mode="static, $BASE_CC"], [BASE_CC=])])
   AS_IF([test -z "$BASE_CC"],
     [BASE_CC=$CC
      GV_TRY_STATIC([$CC], [base_mode="static, $CC"], [base_mode=dynamic])])])
BASE_HARDEN_CFLAGS=
AS_IF([test -z "$BASE_LDFLAGS"], [GV_PROBE_FLAG([BASE_LDFLAGS], [-no-pie])])
m4_foreach_w([gv_w], [-fno-pie -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero],
  [GV_PROBE_FLAG([BASE_HARDEN_CFLAGS], gv_w, [$BASE_CC])])
AC_SUBST([BASE_CC])
AC_SUBST([BASE_LDFLAGS])
AC_SUBST([BASE_HARDEN_CFLAGS])
AM_CONDITIONAL([BASE_STATIC], [test "${base_mode%%,*}" = static])
])

# GV_TRY_STATIC(COMPILER, IF-WORKS, IF-NOT)
AC_DEFUN([GV_TRY_STATIC], [
AC_MSG_CHECKING([whether $1 links static programs])
gv_save_CC=$CC gv_save_LDFLAGS=$LDFLAGS
CC="$1" LDFLAGS="-static -no-pie"
AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[return puts("") < 0;]])],
  [AC_MSG_RESULT([yes]); BASE_LDFLAGS="-static -no-pie"; CC=$gv_save_CC; $2],
  [AC_MSG_RESULT([no]); CC=$gv_save_CC; $3])
CC=$gv_save_CC LDFLAGS=$gv_save_LDFLAGS
])

# ISA-L inflates about three times as fast as zlib. Not on arm64: its decoder there was wrong until 2.32
# (intel/isa-l issue 316). And only where it leaves what it read behind a stream in its bit buffer, uncounted.
AC_DEFUN([GV_ISAL], [
have_isal=no
AS_IF([test "$with_isal" != no],
  [PKG_CHECK_MODULES([ISAL], [libisal >= 2.30], [have_isal=yes], [have_isal=no])])
AS_IF([test "$have_isal" = yes],
  [AC_MSG_CHECKING([whether ISA-L can be used])
   gv_save_CFLAGS=$CFLAGS gv_save_LIBS=$LIBS
   CFLAGS="$CFLAGS $ISAL_CFLAGS" LIBS="$ISAL_LIBS $LIBS"
   AC_RUN_IFELSE([GV_ISAL_PROGRAM], [], [have_isal=no], [AC_LINK_IFELSE([GV_ISAL_PROGRAM], [], [have_isal=no])])
   CFLAGS=$gv_save_CFLAGS LIBS=$gv_save_LIBS
   AC_MSG_RESULT([$have_isal])])
AS_IF([test "$with_isal" = yes && test "$have_isal" = no], [AC_MSG_ERROR([--with-isal, but ISA-L cannot be used])])
AS_IF([test "$have_isal" = yes],
  [AC_DEFINE([HAVE_ISAL], [1], [inflate by ISA-L (igzip)])],
  [ISAL_CFLAGS= ISAL_LIBS=])
])

# An empty stream of two bytes with seven others behind it.
AC_DEFUN([GV_ISAL_PROGRAM], [AC_LANG_PROGRAM([[
#ifndef __x86_64__
#error not tested here
#endif
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
static struct inflate_state s;]],
[[unsigned char in[9] = { 3, 0, 1, 2, 3, 4, 5, 6, 7 }, out[1];
isal_inflate_init(&s);
s.next_in = in, s.avail_in = sizeof(in), s.next_out = out, s.avail_out = sizeof(out);
if (isal_inflate(&s) != ISAL_DECOMP_OK || s.block_state != ISAL_BLOCK_FINISH)
	return 1;
return s.avail_in + s.read_in_length / 8 != 7 || crc32_gzip_refl(0, in, 1) != 0x4b0bbe37u;]])])

AC_DEFUN([GV_SUMMARY], [
AS_ECHO(["
gover $PACKAGE_VERSION
  prefix            $prefix
  compiler          $CC $CFLAGS
  base programs     $base_mode
  SHA-256           `test "$have_libcrypto" = yes && echo 'libcrypto' || echo 'libsodium (libcrypto not found: 5 to 8 times slower)'`
  inflate           `test "$have_isal" = yes && echo 'ISA-L' || echo 'zlib (ISA-L not used: 2 to 3 times slower)'`
  command tests     `test -n "$BATS" && echo "$BATS" || echo 'left out (bats not found)'`
  warnings          `test "$enable_werror" = yes && echo 'errors' || echo 'shown'`
  sanitizers        $enable_sanitizers
  thread sanitizer  $enable_thread_sanitizer
  fuzzing           $enable_fuzzing
  coverage          $enable_coverage
  flags refused    `test -n "$gv_refused" && echo "$gv_refused" || echo ' none'`
"])
])
