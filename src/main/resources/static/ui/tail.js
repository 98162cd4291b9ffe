// @ts-check
/** Logs as they come in. What comes while somebody reads waits, so that nothing moves under their eyes. */
import * as api from './api.js';
import { parse } from './json.js';
import { isMisread, misread, takeAsPlain } from './results.js';
import { batch, signal } from './vendor/vendor.js';

/** @typedef {import('./api.js').Log & {key: string}} LiveLog */

const MOST_ROWS = 2000;
const SHOW_EVERY_MS = 200;
const LONGEST_PAUSE_MS = 15_000;
/** Of those who follow the logs; one of them may go. */
const TOO_MANY = 429;

/** The newest first. */
/** @type {import('./vendor/vendor.js').Signal<LiveLog[]>} */
export const rows = signal([]);
/** How many have come and aren't shown. */
export const waiting = signal(0);
export const paused = signal(false);
/** @type {import('./vendor/vendor.js').Signal<'connecting' | 'open' | 'waiting' | 'off'>} */
export const state = signal('off');
/** @type {import('./vendor/vendor.js').Signal<api.ApiError | null>} */
export const error = signal(null);
/** How many the service has left out; Infinity: it doesn't know. */
export const missed = signal(0);

/** @type {LiveLog[]} the oldest first */
let arrived = [];
/** How many there were, those that were let go included. */
let arrivedCount = 0;
let listening = new AbortController();

/** Whether somebody reads further down; set by the list. */
let reads = () => false;

/** @param {() => boolean} check */
export function holdWhile(check) {
    reads = check;
}

/** Follows the logs that match. @param {string} q */
export function follow(q) {
    end();
    listening = new AbortController();
    arrived = [];
    arrivedCount = 0;
    batch(() => {
        rows.value = [];
        waiting.value = 0;
        missed.value = 0;
        paused.value = false;
        error.value = null;
        misread.value = null;
    });
    listen(q.trim(), listening.signal);
}

export function end() {
    listening.abort();
    state.value = 'off';
}

/** @param {string} q @param {AbortSignal} signal */
async function listen(q, signal) {
    const address = api.url('api/v1/logs/tail', { q });
    const timer = setInterval(() => show(false), SHOW_EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
    let last = '';
    let pause = 500;
    while (!signal.aborted) {
        state.value = 'connecting';
        try {
            await api.events(address, last, signal, (event) => {
                last = event.id || last;
                take(event);
            }, () => {
                pause = 500;
                batch(() => {
                    state.value = 'open';
                    error.value = null;
                });
            });
        } catch (e) {
            if (signal.aborted) {
                return;
            }
            if (isMisread(e) && !misread.value) {
                clearInterval(timer);
                listen(takeAsPlain(q, e), signal);
                return;
            }
            if (e instanceof api.ApiError && e.status >= 400 && e.status < 500 && e.status !== TOO_MANY) {
                batch(() => {
                    error.value = e;
                    state.value = 'off';
                });
                return;
            }
            error.value = e instanceof api.ApiError ? e : new api.ApiError(0, 'broken', 'The connection broke.');
        }
        if (!signal.aborted) {
            state.value = 'waiting';
            await new Promise((done) => setTimeout(done, pause));
            pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
        }
    }
}

/** @param {{type: string, data: string, id: string}} event */
function take(event) {
    if (event.type === 'missed') {
        missed.value += JSON.parse(event.data).count ?? Infinity;
    } else if (event.data) {
        arrivedCount++;
        arrived.push({ ...parse(event.data), key: event.id });
        if (arrived.length > MOST_ROWS) {
            arrived = arrived.slice(-MOST_ROWS);
        }
    }
}

/** Shows what has come. @param {boolean} asked by somebody: also when they read */
export function show(asked) {
    if (!asked && (paused.value || reads())) {
        waiting.value = arrivedCount;
        return;
    }
    if (arrived.length) {
        const fresh = arrived.reverse();
        arrived = [];
        rows.value = [...fresh, ...rows.value].slice(0, MOST_ROWS);
    }
    arrivedCount = 0;
    waiting.value = 0;
}
