// @ts-check
/** What the service answers to the search that is shown: rows, numbers over time, fields. Each comes when it is ready. */
import * as api from './api.js';
import { asPlain, lookedForIn } from './search.js';
import { view } from './state.js';
import { resolve } from './time.js';
import { batch, computed, signal } from './vendor/vendor.js';

/**
 * @typedef {import('./api.js').Log} Log
 * @typedef {{start: number | null, end: number}} Range of time that was asked for; null: since the first log
 */

const FIRST_PAGE = 200;
const LATER_PAGES = 500;
/** Of keys of the metadata, and of values of each field. */
export const MOST_FREQUENT = 30;

/** @type {import('./vendor/vendor.js').Signal<Log[][]>} */
export const pages = signal([]);
export const loading = signal(false);
export const loadingOlder = signal(false);
/** Whether numbers over time and fields are yet to come. */
export const counting = signal(false);
/** @type {import('./vendor/vendor.js').Signal<api.ApiError | null>} */
export const error = signal(null);
/** Why older rows couldn't be had. */
/** @type {import('./vendor/vendor.js').Signal<api.ApiError | null>} */
export const olderError = signal(null);
/** @type {import('./vendor/vendor.js').Signal<URL | null>} */
export const next = signal(null);
/** @type {import('./vendor/vendor.js').Signal<api.Bucket[] | null>} */
export const buckets = signal(null);
/** @type {import('./vendor/vendor.js').Signal<api.ApiError | null>} */
export const countError = signal(null);
/** @type {import('./vendor/vendor.js').Signal<api.Fields | null>} */
export const fields = signal(null);
/** @type {import('./vendor/vendor.js').Signal<api.ApiError | null>} */
export const fieldsError = signal(null);
/** @type {import('./vendor/vendor.js').Signal<Range | null>} */
export const range = signal(null);
/** What of the search can't be read, when it was taken as plain text instead. */
/** @type {import('./vendor/vendor.js').Signal<{detail: string, position?: number} | null>} */
export const misread = signal(null);
/** Whether there is any log at all; null: not known. */
/** @type {import('./vendor/vendor.js').Signal<boolean | null>} */
export const anyLogs = signal(null);

export const shown = computed(() => pages.value.reduce((sum, page) => sum + page.length, 0));
export const total = computed(() => buckets.value?.reduce((sum, bucket) => sum + bucket.total, 0) ?? null);

/** The search as it was taken, to which conditions may be added. */
export const search = computed(() => (misread.value ? asPlain(view.value.q) : view.value.q));

/** What messages are looked for by, as a regular expression; empty: by nothing. */
export const lookedFor = computed(() => lookedForIn(search.value).join('|'));

/** @typedef {import('./api.js').Asker} Asker */

let running = new AbortController();
/** @type {Asker} */
let asker = { signal: running.signal, id: '' };
/** How many questions the service works on. */
let open = 0;

/** The filter as it was last asked with: its times are fixed, so that all that is shown belongs together. */
/** @type {import('./vendor/vendor.js').Signal<api.Filter>} */
export const asked = signal({});

/** The times of the view as they are now. Whoever asks isn't told when they change. @returns {Range | string} what is wrong with them, in words */
function currentRange() {
    const { start, end } = view.peek();
    const now = api.now();
    const from = start === 'all' ? null : resolve(start, now);
    const to = resolve(end, now);
    if (to === null || (from === null && start !== 'all')) {
        return `The time in the address can’t be read: ${to === null ? end : start}`;
    }
    return from !== null && from >= to ? 'The time begins after it ends.' : { start: from, end: to };
}

/** Asks for what the view shows; what was asked for before is given up. */
export function run() {
    stop();
    const times = currentRange();
    const wanted = typeof times === 'string' ? null : times;
    batch(() => {
        range.value = wanted;
        misread.value = null;
        error.value = typeof times === 'string' ? new api.ApiError(400, 'range', times) : null;
        olderError.value = null;
        countError.value = null;
        fieldsError.value = null;
        buckets.value = wanted ? null : [];
        loading.value = wanted !== null;
        counting.value = wanted !== null;
        if (!wanted) {
            pages.value = [];
            next.value = null;
            fields.value = null;
        }
    });
    if (wanted) {
        ask(filterOf(view.peek().q, wanted), asker);
    }
}

/** Gives up what is being asked for; the database, too, stops to work on it. */
export function stop() {
    running.abort();
    if (open > 0) {
        open = 0;
        api.cancel(asker.id);
    }
    running = new AbortController();
    asker = { signal: running.signal, id: api.newQueryId() };
    batch(() => {
        loading.value = false;
        counting.value = false;
        loadingOlder.value = false;
    });
}

/** As somebody wants it. What is still shown of the search before isn't taken for an answer to this one. */
export function cancel() {
    const given = new api.ApiError(0, 'cancelled', 'Cancelled.');
    batch(() => {
        if (loading.value) {
            error.value = given;
            pages.value = [];
            next.value = null;
        }
        if (counting.value) {
            const place = buckets.value === null ? countError : fieldsError;
            place.value = given;
            fields.value = null;
        }
        stop();
    });
}

/**
 * Asks, unless that was given up; null then.
 *
 * @template T
 * @param {Asker} by
 * @param {() => Promise<T>} question
 * @returns {Promise<T | null>}
 */
async function answer(by, question) {
    open++;
    try {
        const value = await question();
        return by.signal.aborted ? null : value;
    } catch (e) {
        if (by.signal.aborted) {
            return null;
        }
        throw e;
    } finally {
        open -= by.signal.aborted ? 0 : 1;
    }
}

/** @param {string} q @param {Range} wanted @returns {api.Filter} */
function filterOf(q, wanted) {
    return {
        q: q.trim(),
        start_time: wanted.start === null ? undefined : new Date(wanted.start).toISOString(),
        end_time: new Date(wanted.end).toISOString(),
    };
}

/** @param {api.Filter} filter @param {Asker} by */
async function ask(filter, by) {
    asked.value = filter;
    count(filter, by);
    try {
        const first = await answer(by, () => api.page(api.logsAddress(filter, FIRST_PAGE), by));
        if (!first) {
            return;
        }
        batch(() => {
            pages.value = first.logs.length ? [first.logs] : [];
            next.value = first.next;
            loading.value = false;
            anyLogs.value = first.logs.length > 0 || anyLogs.value;
        });
        if (!anyLogs.value) {
            const newest = await answer(by, () => api.page(api.logsAddress({}, 1), by));
            anyLogs.value = newest ? newest.logs.length > 0 : null;
        }
    } catch (e) {
        if (isMisread(e) && !misread.value) {
            ask({ ...filter, q: takeAsPlain(filter.q ?? '', e) }, by);
            return;
        }
        batch(() => {
            fail(error, e);
            pages.value = [];
            next.value = null;
            loading.value = false;
        });
    }
}

/** Whether the search as such can't be read. @param {unknown} e @returns {e is api.ApiError} */
export function isMisread(e) {
    return e instanceof api.ApiError && e.status === 400 && e.message.startsWith("parameter 'q'") && !/longer than/.test(e.message);
}

/** The search to ask with instead; says so. @param {string} q @param {api.ApiError} e */
export function takeAsPlain(q, e) {
    misread.value = { detail: e.message.replace("parameter 'q': ", ''), position: e.position };
    return asPlain(q);
}

/** @param {{value: api.ApiError | null}} place @param {unknown} e */
function fail(place, e) {
    place.value = e instanceof api.ApiError ? e : new api.ApiError(0, 'failed', String(e));
}

/** @param {api.Filter} filter @param {Asker} by */
async function count(filter, by) {
    try {
        const start = filter.start_time ?? (await answer(by, () => oldest(by)));
        const ordered = start !== null && start < (filter.end_time ?? '');
        const found = ordered ? await answer(by, () => api.histogram({ ...filter, start_time: start }, by)) : [];
        buckets.value = found ?? buckets.value;
    } catch (e) {
        // the list says so, too, and asks in another way
        if (!isMisread(e)) {
            batch(() => {
                fail(countError, e);
                fields.value = null;
                counting.value = false;
            });
        }
        return;
    }
    try {
        const values = await answer(by, () => api.fields(filter, MOST_FREQUENT, by));
        fields.value = values ?? fields.value;
    } catch (e) {
        fields.value = null;
        fail(fieldsError, e);
    } finally {
        counting.value &&= by.signal.aborted;
    }
}

/** When the first of all logs happened. @param {Asker} by */
async function oldest(by) {
    const { logs } = await api.page(api.url('api/v1/logs', { order: 'asc', limit: 1 }), by);
    return logs[0]?.timestamp ?? new Date().toISOString();
}

/** Adds the next page of older logs. */
export async function loadOlder() {
    const address = next.value;
    const by = asker;
    if (!address || loadingOlder.value) {
        return;
    }
    olderError.value = null;
    loadingOlder.value = true;
    try {
        address.searchParams.set('limit', String(LATER_PAGES));
        const more = await answer(by, () => api.page(address, by));
        if (more) {
            batch(() => {
                pages.value = more.logs.length ? [...pages.value, more.logs] : pages.value;
                next.value = more.next;
            });
        }
    } catch (e) {
        fail(olderError, e);
    } finally {
        // another search may be loading its own by now
        loadingOlder.value &&= by.signal.aborted;
    }
}
