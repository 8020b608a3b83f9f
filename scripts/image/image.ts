/** A root file system, and how a process is started in it. */
export interface Image {
  /** The folder that becomes `/`. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** `uid:gid`. */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal: string;
  readonly healthcheck: readonly string[] | undefined;
}

/** The restrictions and files of a container, in addition to its image. */
export interface Confinement {
  readonly readOnly: boolean;
  readonly noNewPrivileges: boolean;
  /** Files of this machine, and where they are mounted in the container, read-only. */
  readonly volumes: readonly { readonly file: string; readonly at: string }[];
}

export const DEVICES = ['null', 'zero', 'random', 'urandom'];

/**
 * `$0` is the root, `$1` says whether it is read-only, `$2` how many pairs of file and place follow; then the command.
 */
const CONTAIN = `set -e
root=$0 readonly=$1 volumes=$2
shift 2
mount --bind "$root" "$root"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for device in ${DEVICES.join(' ')}; do mount --bind "/dev/$device" "$root/dev/$device"; done
while [ "$volumes" -gt 0 ]; do
  mkdir -p "$(dirname "$root$2")"
  touch "$root$2"
  mount --bind "$1" "$root$2"
  mount -o remount,bind,ro "$root$2"
  shift 2
  volumes=$((volumes - 1))
done
if [ "$readonly" = yes ]; then mount -o remount,bind,ro "$root"; fi
exec "$@"`;

const FREE: Confinement = { readOnly: false, noNewPrivileges: false, volumes: [] };

/**
 * The command that runs a process in an image, with the image's user and folder, as the first process of a container.
 * It sees no other files and no other processes. The command needs root; the process has no capabilities unless it is
 * root.
 */
export function contained({ root, user, workdir }: Image, argv: readonly string[], confinement = FREE): string[] {
  const { readOnly, noNewPrivileges, volumes } = confinement;
  return [
    ...['unshare', '--mount', '--pid', '--fork', '--kill-child=KILL'],
    ...['sh', '-c', CONTAIN, root, readOnly ? 'yes' : 'no', String(volumes.length)],
    ...volumes.flatMap(({ file, at }) => [file, at]),
    ...(noNewPrivileges ? ['setpriv', '--no-new-privs'] : []),
    ...['chroot', `--userspec=${user}`, '--groups=', root, '/usr/bin/env', `--chdir=${workdir}`, ...argv],
  ];
}
