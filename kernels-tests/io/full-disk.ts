/**
 * A disk that fills up: files that take `capacity` bytes between them and then fail as the system does, part of
 * the last write having arrived.
 */
import { attempt, type OpenOutput, openOutput } from '../../src/io/output-file.ts';

export function fullDisk(capacity: number): OpenOutput {
  let left = capacity;
  return (path, flags) => {
    const file = openOutput(path, flags);
    return {
      get written() {
        return file.written;
      },
      write(bytes) {
        const taken = Math.min(left, bytes.length);
        left -= taken;
        file.write(bytes.subarray(0, taken));
        if (taken === bytes.length) return;
        attempt(path, () => {
          throw Object.assign(new Error('write failed'), { code: 'ENOSPC' });
        });
      },
      writeAt: (bytes, position) => file.writeAt(bytes, position),
      truncate: (length) => file.truncate(length),
      close: () => file.close(),
    };
  };
}
