import { crc32, deflateSync } from 'node:zlib';

/** Strokes on a square of 16 units. */
export interface Drawing {
  readonly circles: readonly (readonly [x: number, y: number, radius: number])[];
  readonly lines: readonly (readonly [x1: number, y1: number, x2: number, y2: number])[];
}

const UNITS = 16;
const HALF_STROKE = 0.6;
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * A drawing as PNG (RFC 2083), on a transparent ground.
 * @param size in pixels, of both sides
 * @param color as `#rrggbb`
 */
export function pngOf(drawing: Drawing, size: number, color: string): Buffer {
  const rgb = [...Buffer.from(color.slice(1), 'hex')];
  const scale = size / UNITS;
  const rows = Array.from({ length: size }, (_, y) => {
    const pixels = Array.from({ length: size }, (__, x) => {
      const distance = distanceTo(drawing, (x + 0.5) / scale, (y + 0.5) / scale);
      // The edge of a stroke is one pixel wide.
      const coverage = Math.min(1, Math.max(0, (HALF_STROKE - distance) * scale + 0.5));
      return [...rgb, Math.round(255 * coverage)];
    });
    return [NO_FILTER, ...pixels.flat()];
  });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(size)),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const NO_FILTER = 0;

/** Eight bits for each of red, green, blue and alpha; the only methods of compression, filtering and interlacing. */
function header(size: number): Buffer {
  const bytes = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0]);
  bytes.writeUInt32BE(size, 0);
  bytes.writeUInt32BE(size, 4);
  return bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** How far a point is from the nearest stroke. */
function distanceTo({ circles, lines }: Drawing, x: number, y: number): number {
  const toCircles = circles.map(([cx, cy, radius]) => Math.abs(Math.hypot(x - cx, y - cy) - radius));
  const toLines = lines.map(([x1, y1, x2, y2]) => {
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy);
    const at = Math.min(1, Math.max(0, along));
    return Math.hypot(x - x1 - at * dx, y - y1 - at * dy);
  });
  return Math.min(...toCircles, ...toLines);
}
