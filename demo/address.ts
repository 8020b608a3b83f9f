/**
 * The URL of the endpoint that the demo is called with; without a scheme it is http.
 * @returns undefined when it is none
 */
export function givenUrl(text: string): URL | undefined {
  const url = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  return !text.startsWith('-') && URL.canParse(url) ? new URL(url) : undefined;
}
