import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** So many bytes a server may send until TLS is agreed on: each certificate among them is checked, whatever its keys take. */
const MAX_BYTES = 16 * 1024;
/** So many may come after that: an answer ends the connection at 256 KiB, and each record of TLS has some more. */
const MAX_AFTERWARDS = 288 * 1024;

interface BoundedHandshake {
  /** What TLS is spoken over. */
  readonly stream: Duplex;
  /** Ends the bound, for another one. */
  readonly over: () => void;
}

/**
 * Bounds what a server may send before TLS is agreed on. Node.js checks all certificates that come in one piece of work, in which
 * this process answers nobody; chains that browsers take have 8 KiB at most. Afterwards the whole of the connection is bounded:
 * messages of TLS itself, such as new keys, are no part of an answer, and nothing else would count them.
 */
export function boundedHandshake(socket: Socket): BoundedHandshake {
  let left = MAX_BYTES;
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk, _encoding, callback) => void socket.write(chunk, callback),
    final: (callback) => void socket.end(callback),
    destroy: (error, callback) => {
      socket.destroy();
      callback(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) stream.destroy(Object.assign(new Error(TOO_LONG), { code: TOO_LONG }));
    else if (!stream.push(chunk)) socket.pause();
  });
  socket.once('end', () => stream.push(null));
  socket.once('error', (error) => stream.destroy(error));
  socket.once('close', () => stream.destroy());
  return { stream, over: () => (left = MAX_AFTERWARDS) };
}

const TOO_LONG = 'handshake_too_long';
