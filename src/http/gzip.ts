import { constants, crc32, deflateRawSync } from 'node:zlib';

/** Method deflate, no flags, no time, an unknown system (RFC 1952 §2.3). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** The head of a block that is stored as it is (RFC 1951 §3.2.4), and the trailer of a gzip stream. */
const BLOCK_HEAD_BYTES = 5;
const TRAILER_BYTES = 8;

/**
 * The beginning of an answer, compressed once. Each answer adds an end of its own, which is stored uncompressed behind
 * it. Both are one member of gzip, because some clients read only the first of several.
 */
export class GzippedBeginning {
  readonly #bytes: Buffer;
  readonly #length: number;
  readonly #crc: number;

  constructor(beginning: Uint8Array) {
    // The flush ends at a byte, so that another block can follow.
    this.#bytes = Buffer.concat([HEADER, deflateRawSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH })]);
    this.#length = beginning.byteLength;
    this.#crc = crc32(beginning);
  }

  /**
   * The pieces of the whole answer, compressed.
   * @param end at most 65,535 bytes
   */
  endingIn(end: Uint8Array): readonly Uint8Array[] {
    const last = Buffer.alloc(BLOCK_HEAD_BYTES + end.byteLength + TRAILER_BYTES);
    last.writeUInt8(1, 0);
    last.writeUInt16LE(end.byteLength, 1);
    last.writeUInt16LE(0xffff - end.byteLength, 3);
    last.set(end, BLOCK_HEAD_BYTES);
    last.writeUInt32LE(crc32(end, this.#crc), BLOCK_HEAD_BYTES + end.byteLength);
    last.writeUInt32LE((this.#length + end.byteLength) % 2 ** 32, BLOCK_HEAD_BYTES + end.byteLength + 4);
    return [this.#bytes, last];
  }
}
