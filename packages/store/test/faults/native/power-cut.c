/*
 * `power-cut MOUNTPOINT`: what an ext4 or xfs had not made durable is gone, and nothing more is written to it: the
 * shutdown ioctl with "no flush of the journal". Unmount and mount again to see what a power cut leaves.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

int main(int count, char **words) {
  uint32_t how = 2;
  int folder = count > 1 ? open(words[1], O_RDONLY) : -1;
  if (folder < 0 || ioctl(folder, _IOR('X', 125, uint32_t), &how) != 0) {
    perror("power-cut");
    return 1;
  }
  return 0;
}
