import { AggregatorRegistry, type Registry } from 'prom-client';

/** Lets the primary of this worker read what it counts. */
export function giveToPrimary(registry: Registry): void {
  AggregatorRegistry.setRegistries([registry]);
  // Making one is what makes it listen.
  new AggregatorRegistry();
}

/** What all workers of this primary count together. */
export function ofAllWorkers(): { readonly contentType: string; metrics(): Promise<string> } {
  const all = new AggregatorRegistry();
  return { contentType: all.contentType, metrics: () => all.clusterMetrics() };
}
