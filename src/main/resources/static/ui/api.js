// @ts-check
/** The only module that talks to the service: everything it asks for is a call of the documented API. */
import { parse } from './json.js';
import { signal } from './vendor/vendor.js';

const BASE = new URL('../', document.baseURI);

/** Whether the service wants to know who asks. */
export const signedOut = signal(false);

/** By how many milliseconds the clock of this machine is behind that of the service, or ahead of it. */
export const behind = signal(0);
/** Less of a difference isn't worth another question. */
const INEXACT_MS = 2000;
/** Answers tell the time in whole seconds. */
const TOLD_IN_MS = 1000;

/** The time as the service has it: by it logs are stored. */
export const now = () => Date.now() + behind.peek();

/**
 * The time of an answer is one between those at which it was asked for and came, however long it was under way.
 *
 * @param {Response} response
 * @param {number} sentAt
 */
function compareClocks(response, sentAt) {
    const told = Date.parse(response.headers.get('Date') ?? '');
    const least = told - Date.now() - INEXACT_MS;
    const most = told + TOLD_IN_MS - sentAt + INEXACT_MS;
    /** @param {number} difference */
    const isPossible = (difference) => difference >= least && difference <= most;
    if (!Number.isNaN(told) && !isPossible(behind.peek())) {
        // rather ahead of it: what was logged in the second that was told must not be hidden
        behind.value = isPossible(0) ? 0 : told + TOLD_IN_MS - sentAt;
    }
}

/** An answer that isn't what was asked for. */
export class ApiError extends Error {
    /**
     * @param {number} status 0 when there was no answer
     * @param {string} code for programs
     * @param {string} detail for people
     * @param {number} [position] of the first character of the search that can't be read, from 1
     */
    constructor(status, code, detail, position) {
        super(detail);
        this.status = status;
        this.code = code;
        this.position = position;
    }
}

/**
 * @typedef {object} Log
 * @property {number} [id] a log that just comes in has none yet
 * @property {string} level
 * @property {string} message
 * @property {string} timestamp
 * @property {Record<string, unknown> | null} metadata_
 * @property {string} service
 * @property {number | null} app_id
 * @property {string} app
 * @property {string} received_at
 *
 * @typedef {{start: string, end: string, total: number, by_level: Record<string, number>}} Bucket
 * @typedef {{key: string, count: number, values: {value: unknown, count: number}[]}} MetadataKey
 * @typedef {object} Fields
 * @property {Record<string, number>} by_level
 * @property {Record<string, number>} by_service
 * @property {Record<string, number>} by_app
 * @property {MetadataKey[]} metadata_
 * @property {number} metadata_looked_at
 * @property {boolean} metadata_complete
 *
 * @typedef {{q?: string, start_time?: string, end_time?: string}} Filter
 * @typedef {{signal: AbortSignal, id: string}} Asker who asks: may give up, and end what was asked under this id
 * @typedef {{method?: string, body?: unknown, signal?: AbortSignal, headers?: Record<string, string>, keepalive?: boolean}} Options
 */

/**
 * The address of a call.
 *
 * @param {string} path from the root of the service, e.g. `api/v1/logs`
 * @param {Record<string, string | number | boolean | undefined>} [parameters] empty ones are left out
 */
export function url(path, parameters = {}) {
    const address = new URL(path, BASE);
    for (const [name, value] of Object.entries(parameters)) {
        if (value !== undefined && value !== '') {
            address.searchParams.set(name, String(value));
        }
    }
    return address;
}

/**
 * Sends a request; throws an ApiError unless it succeeds.
 *
 * @param {URL} address
 * @param {Options} [options]
 */
export async function send(address, options = {}) {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const sentAt = Date.now();
    /** @type {Response} */
    let response;
    try {
        response = await fetch(address, {
            method: options.method ?? 'GET',
            body,
            headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...options.headers },
            signal: options.signal,
            keepalive: options.keepalive,
            credentials: 'same-origin',
            cache: 'no-store',
        });
    } catch (e) {
        if (options.signal?.aborted) {
            throw e;
        }
        throw new ApiError(0, 'unreachable', 'The service can’t be reached.');
    }
    compareClocks(response, sentAt);
    if (!response.ok) {
        throw await problem(response);
    }
    return response;
}

/** @param {Response} response */
async function problem(response) {
    signedOut.value ||= response.status === 401;
    const known = await response.json().catch(() => ({}));
    const detail = known.detail ?? `The service answers ${response.status}.`;
    // an answer to HEAD can't say more
    const code = known.code ?? (response.status === 504 ? 'query_timeout' : '');
    return new ApiError(response.status, code, detail, known.position);
}

/**
 * @param {string} path
 * @param {Record<string, string | number | boolean | undefined>} [parameters]
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export async function call(path, parameters, options) {
    return parse(await (await send(url(path, parameters), options)).text());
}

/** A name for what is asked, to end it by. Browsers give UUIDs to pages of HTTPS only. */
export function newQueryId() {
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Ends in the database what was asked under an id. Between two steps of a question nothing runs, so it tries twice; the first
 * time even if the page goes away meanwhile.
 *
 * @param {string} id
 */
export async function cancel(id) {
    const end = () => call(`api/v1/queries/${id}`, {}, { method: 'DELETE', keepalive: true }).catch(() => ({ cancelled: 1 }));
    const { cancelled } = await end();
    if (!cancelled) {
        await new Promise((done) => setTimeout(done, 300));
        await end();
    }
}

/** @param {Asker} [asker] @returns {Options} */
const of = (asker) => (asker ? { signal: asker.signal, headers: { 'Query-Id': asker.id } } : {});

/**
 * A list, as far as so many pages reach.
 *
 * @param {URL} address of the first page
 * @param {number} pages
 * @param {Options} [options]
 * @returns {Promise<{items: any[], next: URL | null}>} next: of the page that follows
 */
export async function list(address, pages, options) {
    const items = [];
    /** @type {URL | null} */
    let next = address;
    for (let n = 0; next && n < pages; n++) {
        const response = await send(next, options);
        const link = /<([^>]+)>; rel="next"/.exec(response.headers.get('Link') ?? '');
        items.push(...parse(await response.text()));
        // relative to the host, which may know the service under another path
        next = link ? new URL(address.pathname + link[1].slice(link[1].indexOf('?')), BASE) : null;
    }
    return { items, next };
}

/**
 * A page of logs, newest first.
 *
 * @param {URL} address as `logsAddress` or the page before gives it
 * @param {Asker} [asker]
 * @returns {Promise<{logs: Log[], next: URL | null}>}
 */
export async function page(address, asker) {
    const { items, next } = await list(address, 1, of(asker));
    return { logs: items, next };
}

/**
 * @param {Filter} filter
 * @param {number} limit
 */
export function logsAddress(filter, limit) {
    return url('api/v1/logs', { ...filter, limit });
}

/**
 * @param {Filter} filter
 * @param {Asker} [asker]
 * @returns {Promise<Bucket[]>}
 */
export function histogram(filter, asker) {
    return call('api/v1/stats/histogram', { ...filter }, of(asker));
}

/**
 * @param {Filter} filter
 * @param {number} size
 * @param {Asker} [asker]
 * @returns {Promise<Fields>}
 */
export function fields(filter, size, asker) {
    return call('api/v1/stats/fields', { ...filter, size }, of(asker));
}

/**
 * Reads a stream of server-sent events until it ends.
 *
 * @param {URL} address
 * @param {string} lastId of the last event that was seen, to go on after it; or empty
 * @param {AbortSignal} signal
 * @param {(event: {type: string, data: string, id: string}) => void} onEvent also for events without data
 * @param {() => void} onOpen
 */
export async function events(address, lastId, signal, onEvent, onOpen) {
    const response = await send(address, { signal, headers: lastId ? { 'Last-Event-ID': lastId } : {} });
    onOpen();
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const blocks = (rest + decoder.decode(part.value, { stream: true })).split('\n\n');
        rest = /** @type {string} */ (blocks.pop());
        for (const block of blocks) {
            /** @param {string} name */
            const field = (name) => block.split('\n').find((line) => line.startsWith(name + ': '))?.slice(name.length + 2) ?? '';
            onEvent({ type: field('event') || 'message', data: field('data'), id: field('id') });
        }
    }
}
