/** OpenTelemetry and `diagnostics_channel` over the event stream. Imports neither: the API is handed in. */
export { channelListener, EVENT_CHANNEL } from './otel/channel-listener.js';
export { telemetryListener } from './otel/telemetry-listener.js';

export type { OpenTelemetryApi, TelemetryOptions } from './otel/telemetry-options.js';
