import type { IncomingHttpHeaders } from 'node:http';
import { createTraceState, type SpanContext } from '@opentelemetry/api';
import { isObject } from '../../core/json.ts';
import type { Message } from '../../core/message.ts';
import { isTraceState } from './state.ts';

// W3C Trace Context (https://www.w3.org/TR/trace-context/), as headers and as members of `_meta`.

/** The parents that a message (in `_meta`) and its HTTP request (in headers) name. They may differ. */
export function parentsOf(
  { params }: Pick<Message, 'params'>,
  headers: IncomingHttpHeaders,
): { readonly ofMessage: SpanContext | undefined; readonly ofRequest: SpanContext | undefined } {
  const meta = params['_meta'];
  return {
    ofMessage: isObject(meta) ? parentFrom(meta['traceparent'], meta['tracestate']) : undefined,
    ofRequest: parentIn(headers),
  };
}

/** The parent that the headers of an HTTP request name. */
export function parentIn({ traceparent, tracestate }: IncomingHttpHeaders): SpanContext | undefined {
  return traceparent === undefined ? undefined : parentFrom(traceparent, tracestate);
}

/** The headers that make the receiver's spans children of this one. */
export function headersOf({ traceId, spanId, traceFlags, traceState }: SpanContext): Record<string, string> {
  const flags = traceFlags.toString(16).padStart(2, '0');
  const tracestate = traceState?.serialize() ?? '';
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(tracestate !== '' && { tracestate }) };
}

/**
 * W3C Trace Context §3.2: version, trace id, parent id and flags. Ids of zeros are invalid. Later versions may have
 * further fields; such headers do not match and are not passed on.
 */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})$/;

function parentFrom(traceparent: unknown, tracestate: unknown): SpanContext | undefined {
  const [, traceId, spanId, flags] = typeof traceparent === 'string' ? (TRACEPARENT.exec(traceparent) ?? []) : [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const isState = typeof tracestate === 'string' && isTraceState(tracestate);
  return {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(isState && { traceState: createTraceState(tracestate) }),
  };
}
