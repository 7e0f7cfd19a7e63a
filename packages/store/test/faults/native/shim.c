/*
 * Preloaded into a process, it disturbs calls on files below one folder:
 *
 *   FAULT_PATH   text that the path of a file must contain
 *   FAULT_OP     write, pwrite, fsync, rename, unlink, open, link, mkdir, truncate, or any
 *   FAULT_AT     the first call of that kind to disturb, from 1; 0: none
 *   FAULT_MODE   eio, enospc     the call fails
 *                short           half of the bytes are written, and the call says so
 *                torn            half of the bytes are written, then the process dies
 *                before, after   the process dies before or after the call
 *   FAULT_STAYS  1: every call from that one on fails, as on a disk that is gone
 *   FAULT_LOG    where the disturbed call is noted
 *   SLOW_MS      every sync waits that long first
 *   SLOW_RATE    every write takes as long as its bytes at so many bytes a second
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int calls;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static int is(const char *name, const char *wanted) { return strcmp(setting(name), wanted) == 0; }

static int below(const char *path) {
  const char *part = setting("FAULT_PATH");
  return *part && path && strstr(path, part) != NULL;
}

static int fd_below(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

static void note(const char *op) {
  const char *log = setting("FAULT_LOG");
  if (!*log) return;
  int fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (fd < 0) return;
  syscall(SYS_write, fd, op, strlen(op));
  syscall(SYS_write, fd, "\n", 1);
  syscall(SYS_close, fd);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* Whether this call is to be disturbed. */
static int chosen(const char *op, int mine) {
  int at = atoi(setting("FAULT_AT"));
  if (!mine || at < 1 || (!is("FAULT_OP", op) && !is("FAULT_OP", "any"))) return 0;
  int nth = atomic_fetch_add(&calls, 1) + 1;
  if (nth != at && !(nth > at && is("FAULT_STAYS", "1"))) return 0;
  if (nth == at) note(op);
  return 1;
}

/* 1: the call fails. 0: it goes on, and the process dies afterwards if that is the mode. */
static int fails(void) {
  if (is("FAULT_MODE", "before")) die();
  if (is("FAULT_MODE", "after")) return 0;
  errno = is("FAULT_MODE", "enospc") ? ENOSPC : EIO;
  return 1;
}

static void slow_write(int mine, size_t bytes) {
  double rate = atof(setting("SLOW_RATE"));
  if (mine && rate > 0) usleep((useconds_t)(1e6 * bytes / rate));
}

static void slow_sync(int mine) {
  double ms = atof(setting("SLOW_MS"));
  if (mine && ms > 0) usleep((useconds_t)(1e3 * ms));
}

#define REAL(result, name, ...)                       \
  static result (*real)(__VA_ARGS__);                 \
  if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

/* Around a call that gives -1 on failure. */
#define AROUND(op, mine, call)                        \
  int on = chosen(op, mine);                          \
  if (on && fails()) return -1;                       \
  int given = call;                                   \
  if (on) die();                                      \
  return given

static int halves(void) { return is("FAULT_MODE", "short") || is("FAULT_MODE", "torn"); }

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(ssize_t, write, int, const void *, size_t);
  int mine = fd > 2 && fd_below(fd);
  slow_write(mine, count);
  if (!chosen("write", mine)) return real(fd, bytes, count);
  if (!halves() && fails()) return -1;
  ssize_t given = real(fd, bytes, halves() && count > 1 ? count / 2 : count);
  if (!is("FAULT_MODE", "short")) die();
  return given;
}

static ssize_t pwrite_at(ssize_t (*real)(int, const void *, size_t, off_t), int fd, const void *bytes,
                         size_t count, off_t at) {
  int mine = fd_below(fd);
  slow_write(mine, count);
  if (!chosen("pwrite", mine)) return real(fd, bytes, count, at);
  if (!halves() && fails()) return -1;
  ssize_t given = real(fd, bytes, halves() && count > 1 ? count / 2 : count, at);
  if (!is("FAULT_MODE", "short")) die();
  return given;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
  return pwrite_at(real, fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off_t);
  return pwrite_at(real, fd, bytes, count, at);
}

int fsync(int fd) {
  REAL(int, fsync, int);
  int mine = fd_below(fd);
  slow_sync(mine);
  AROUND("fsync", mine, real(fd));
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  int mine = fd_below(fd);
  slow_sync(mine);
  AROUND("fsync", mine, real(fd));
}

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  AROUND("rename", below(to), real(from, to));
}

int unlink(const char *path) {
  REAL(int, unlink, const char *);
  AROUND("unlink", below(path), real(path));
}

int link(const char *from, const char *to) {
  REAL(int, link, const char *, const char *);
  AROUND("link", below(to), real(from, to));
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, mkdir, const char *, mode_t);
  AROUND("mkdir", below(path), real(path, mode));
}

int ftruncate(int fd, off_t size) {
  REAL(int, ftruncate, int, off_t);
  AROUND("truncate", fd_below(fd), real(fd, size));
}

int ftruncate64(int fd, off_t size) {
  REAL(int, ftruncate64, int, off_t);
  AROUND("truncate", fd_below(fd), real(fd, size));
}

#define MODE_OF(flags)                                \
  mode_t mode = 0;                                    \
  if (flags & (O_CREAT | O_TMPFILE)) {                \
    va_list rest;                                     \
    va_start(rest, flags);                            \
    mode = va_arg(rest, mode_t);                      \
    va_end(rest);                                     \
  }

int open(const char *path, int flags, ...) {
  REAL(int, open, const char *, int, ...);
  MODE_OF(flags)
  AROUND("open", below(path), real(path, flags, mode));
}

int open64(const char *path, int flags, ...) {
  REAL(int, open64, const char *, int, ...);
  MODE_OF(flags)
  AROUND("open", below(path), real(path, flags, mode));
}
