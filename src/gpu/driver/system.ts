/** What a diagnosis depends on: which system this is, who runs here, and which device files of GPUs there are. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface System {
  platform: NodeJS.Platform;
  /** `x64`, `arm64`, ... */
  arch: string;
  /** From /etc/os-release: `debian`, `ubuntu`, `fedora`, `arch`, ...; empty where there is none. */
  distribution: string;
  /** Distributions that this one is like, itself included. */
  family: string[];
  /** `bookworm`, `jammy`, ...; empty where the distribution has none. */
  codename: string;
  /** Runs as root. */
  root: boolean;
  glibc: boolean;
  container: boolean;
}

/** @param root where the file system begins; another folder than `/` for tests */
export function readSystem(root = '/'): System {
  const release = readRelease(join(root, 'etc', 'os-release'));
  const distribution = release.get('ID') ?? '';
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return {
    platform: process.platform,
    arch: process.arch,
    distribution,
    family: [distribution, ...(release.get('ID_LIKE') ?? '').split(' ')].filter((name) => name !== ''),
    codename: release.get('VERSION_CODENAME') ?? '',
    root: process.getuid?.() === 0,
    glibc: report.header.glibcVersionRuntime !== undefined,
    container: isContainer(root),
  };
}

/** Device files of GPUs, whether this user may open them or not. */
export function deviceNodes(root = '/'): string[] {
  const list = (folder: string, pattern: RegExp) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => pattern.test(name))
          .map((name) => join(folder, name))
      : [];
  const dev = join(root, 'dev');
  return [...list(join(dev, 'dri'), /^renderD\d+$/), ...list(dev, /^(nvidia\d+|nvidiactl|kfd|dxg)$/)].sort();
}

/** Whether this user may read and write a file. */
export function mayUse(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isContainer(root: string): boolean {
  return (
    existsSync(join(root, '.dockerenv')) ||
    existsSync(join(root, 'run', '.containerenv')) ||
    ['KUBERNETES_SERVICE_HOST', 'NVIDIA_VISIBLE_DEVICES', 'container'].some((name) => process.env[name])
  );
}

function readRelease(file: string): Map<string, string> {
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const match = /^([A-Z_]+)=(?:"(.*)"|(.*))$/.exec(line.trim());
      return match ? [[match[1]!, match[2] ?? match[3] ?? '']] : [];
    }),
  );
}
