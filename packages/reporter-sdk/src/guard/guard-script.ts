/**
 * What the guard runs: a few lines for any POSIX shell, which sleeps in `read` until the host says something or is gone.
 *
 *     sh -c SCRIPT fr-guard PID STARTED MARKER REPORTER…
 *
 * Lines from the host: `deliver` (launch the reporter now; the host lives on), `later` (launch it when the host is gone),
 * `bye CODE` (it leaves in good order; the exit code is its own decision). At the end of the pipe:
 *
 * - Linux sets field 52 before it closes the pipe and shows it until the parent has asked for it, which may be before we
 *   can: then nobody saw the end (`gone`), unless the host had told its code, or it was the end of a service that is being stopped, or the kernel has
 *   meanwhile killed something of our memory cgroup for want of memory: then it was SIGKILL. A field of 0 in a process
 *   that is there means that it ends with 0, or is not dying at all: `process.execve` closed the pipe, or the host has
 *   dismissed us. That is looked at again after a tenth of a second.
 * - A host that is gone before we could open its file has still left its lines in the pipe, and is `gone`.
 * - 0 and the signals 1, 2 and 15 are wanted ends. Exit code 13 (3328) is Node's own, for a promise that nobody settled.
 * - Of any other end MARKER.end is written before the reporter is launched: where a service manager kills whatever its
 *   service has left behind, the next start finds it.
 *
 * What the host has inherited from its own parent is closed, as far as a shell can name it.
 *
 * SIGTERM does not end the guard, since it is sent to a whole service while the host may still take its time; but after
 * one no reporter is launched, so that no restart waits for it. A finished reporter is waited for at once (`jobs`).
 * @module
 */
export const GUARD_SCRIPT = `
pid=$1 started=$2 mark=$3
shift 3
set -f
umask 077
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
command exec 9<"/proc/$pid/stat"
term= woken= later= bye= code=
trap 'term=1 woken=1' TERM
trap 'woken=1' CHLD
trap '' HUP INT QUIT PIPE
# How many the kernel has killed in our memory cgroup; empty where nobody counts.
group=
while IFS=: read -r number kinds place; do
  case $kinds in
    memory) group=/sys/fs/cgroup/memory$place/memory.oom_control ;;
    '') [ "$group" ] || group=/sys/fs/cgroup\${place%/}/memory.events ;;
  esac
done </proc/self/cgroup
count_kills() {
  kills=
  while read -r name count; do
    [ "$name" != oom_kill ] || kills=$count
  done <"$group"
}
count_kills
before=$kills
stat=
while :; do
  # The very next thing after the end of the pipe is a look: the parent of the host is as quick as we are.
  if read -r line || { [ -z "$woken" ] && read -r stat <&9; false; }; then
    case $line in
      deliver) [ "$term" ] || "$@" </dev/null & ;;
      later) later=1 ;;
      bye*) bye=1 code=\${line#bye} ;;
    esac
  elif [ "$woken" ]; then
    woken=
    jobs >/dev/null
  else
    break
  fi
done
fields() {
  state=$1 status=\${50}
  [ "\${20}" = "$started" ] || state=
}
looks=0
while :; do
  state= status=0
  fields \${stat##*) }
  case $state in
    '' | Z | X) break ;;
    T | t) status=0 ;;
  esac
  [ "$status" = 0 ] || break
  looks=$((looks + 1))
  [ "$looks" -le 40 ] || break
  [ "$looks" -lt 40 ] || sleep 0.1 || sleep 1
  stat=
  read -r stat <"/proc/$pid/stat"
done
wanted=
case $state:$status in
  :*)
    end=gone wanted=$bye$term
    [ -z "$bye" ] || end=$((code * 256))
    [ "$looks" = 0 ] || end=0 wanted=1
    [ "$wanted" ] || count_kills
    [ "\${kills:-$before}" = "$before" ] || end=9
    ;;
  Z:0 | X:0) end=0 wanted=1 ;;
  *:0) end=alive wanted=1 ;;
  *:1 | *:2 | *:15) end=$status wanted=1 ;;
  *:3328) end=$status ;;
  *)
    end=$status
    [ $((status & 127)) = 0 ] && wanted=$bye
    ;;
esac
if [ "$wanted" ] && [ -z "$later" ]; then
  exec rm -f "$mark.json" "$mark.left" "$mark.crumbs"
fi
echo "$end" >"$mark.end"
[ "$term" ] && exit
exec "$@" </dev/null
`;
