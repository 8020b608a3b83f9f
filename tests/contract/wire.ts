/** A value as it is encoded: an integer, or the bytes of anything else. */
type WireField = bigint | Uint8Array;

interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
}

/** An option that generated code kept without knowing it. */
export interface UnknownOption {
  readonly no: number;
  readonly wireType: number;
  /** With the length in front, where the wire type has one. */
  readonly data: Uint8Array;
}

/** An encoded message whose descriptor is not at hand, to be read by field numbers. */
export class WireMessage {
  readonly #fields = new Map<number, WireField[]>();

  constructor(bytes: Uint8Array) {
    const cursor = { bytes, position: 0 };
    while (cursor.position < bytes.length) {
      const tag = Number(readVarint(cursor));
      this.#add(tag >> 3, readValue(cursor, tag & 7));
    }
  }

  /** The values of one option, in order; none when the option is not set. */
  static ofOption(options: readonly UnknownOption[] | undefined, no: number): WireField[] {
    const set = (options ?? []).filter((option) => option.no === no);
    return set.map(({ data, wireType }) => readValue({ bytes: data, position: 0 }, wireType));
  }

  get numbers(): number[] {
    return [...this.#fields.keys()];
  }

  message(no: number): WireMessage | undefined {
    const bytes = this.#last(no);
    return bytes instanceof Uint8Array ? new WireMessage(bytes) : undefined;
  }

  messages(no: number): WireMessage[] {
    return this.#all(no).flatMap((value) => (value instanceof Uint8Array ? [new WireMessage(value)] : []));
  }

  text(no: number): string | undefined {
    return this.texts(no).at(-1);
  }

  texts(no: number): string[] {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    return this.#all(no).flatMap((value) => (value instanceof Uint8Array ? [decoder.decode(value)] : []));
  }

  number(no: number): number | undefined {
    return this.numbersOf(no).at(-1);
  }

  /** The integers of a repeated field, packed or not. */
  numbersOf(no: number): number[] {
    return this.#all(no).flatMap((value) => (value instanceof Uint8Array ? readPacked(value) : [toNumber(value)]));
  }

  flag(no: number): boolean {
    return this.number(no) === 1;
  }

  #add(no: number, value: WireField): void {
    const values = this.#fields.get(no) ?? [];
    values.push(value);
    this.#fields.set(no, values);
  }

  #all(no: number): readonly WireField[] {
    return this.#fields.get(no) ?? [];
  }

  #last(no: number): WireField | undefined {
    return this.#all(no).at(-1);
  }
}

function readPacked(bytes: Uint8Array): number[] {
  const cursor = { bytes, position: 0 };
  const numbers: number[] = [];
  while (cursor.position < bytes.length) numbers.push(toNumber(readVarint(cursor)));
  return numbers;
}

/** Negative integers are written as 64 bits in two's complement. */
function toNumber(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

function readValue(cursor: Cursor, wireType: number): WireField {
  if (wireType === 0) return readVarint(cursor);
  if (wireType === 1) return take(cursor, 8);
  if (wireType === 2) return take(cursor, Number(readVarint(cursor)));
  if (wireType === 5) return take(cursor, 4);
  throw new Error(`wire type ${wireType} is not in use`);
}

function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.position + length;
  if (end > cursor.bytes.length) throw new Error('the encoded message ends too early');
  const bytes = cursor.bytes.subarray(cursor.position, end);
  cursor.position = end;
  return bytes;
}

function readVarint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const [byte = 0] = take(cursor, 1);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}
