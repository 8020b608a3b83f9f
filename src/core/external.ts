/** A request to a server that is not Scalekit's, whose address anybody may have chosen. No credential goes along. */
export interface ExternalRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether redirects of GET are followed, each checked like the first address. Left out: none is. */
  readonly follow?: true;
  /** The address whose answer names this one. Left out: the caller does, or the platform. */
  readonly namedBy?: string;
}

/** Why there was no answer: the address is not asked, or was asked in vain. */
export type ExternalFailure =
  | 'no_url'
  | 'credentials_in_url'
  | 'not_https'
  | 'port_not_allowed'
  | 'address_not_public'
  | 'no_such_host'
  | 'dns_failed'
  | 'connection_refused'
  | 'certificate'
  | 'tls'
  | 'handshake_too_long'
  | 'timeout'
  | 'too_many_redirects'
  | 'headers_too_long'
  | 'not_http'
  | 'connection_failed';

/** What came of such a request. Everything in it is text of strangers. */
export interface ExternalAnswer {
  /** The address that answered, or was asked last. */
  readonly url: string;
  /** Where redirects led, in order. */
  readonly redirects: readonly string[];
  /** Unset: there was no answer. */
  readonly status?: number;
  /** By names in small letters; several lines of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The beginning of the body, and of a stream of events the first one. */
  readonly text: string;
  /** Set where `text` is not all of the body: it is longer than what is read, or broke off. */
  readonly cut?: 'too_long' | 'broken_off';
  /** When there was no answer. */
  readonly error?: ExternalFailure;
  /** The code of that failure as the system or the TLS library calls it. */
  readonly reason?: string;
}
