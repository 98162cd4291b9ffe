// @ts-check
/** What is shown: one value, mirrored in the address of the page. Nothing else decides what a view shows. */
import { signal } from './vendor/vendor.js';

/**
 * @typedef {'logs' | 'alerts' | 'dead-letters' | 'apps' | 'status'} PageName
 *
 * @typedef {object} View
 * @property {PageName} page
 * @property {string} q the search
 * @property {string} start where the time begins: `-1h`, ISO-8601, or `all`
 * @property {string} end where it ends: `now` or ISO-8601
 * @property {'local' | 'utc'} zone in which times are shown
 * @property {string} log id of a log that is shown with its surroundings, whatever the search; or empty
 * @property {boolean} live whether new logs are followed as they come in
 * @property {string} reason of dead letters; empty: any
 * @property {string} app of dead letters; empty: any
 */

/** @type {Record<keyof View, string>} names in the address; those of the API where it has the same */
const NAMES = {
    page: 'page', q: 'q', start: 'start_time', end: 'end_time', zone: 'tz', log: 'log', live: 'live', reason: 'reason', app: 'app',
};

/** @type {View} */
const DEFAULTS = {
    page: 'logs', q: '', start: '-1h', end: 'now', zone: 'local', log: '', live: false, reason: '', app: '',
};

/** @type {PageName[]} */
export const PAGES = ['logs', 'alerts', 'dead-letters', 'apps', 'status'];

export const view = signal(read());

/** @returns {View} */
function read() {
    const given = new URLSearchParams(location.search);
    /** @param {keyof View} key */
    const text = (key) => given.get(NAMES[key]) ?? String(DEFAULTS[key]);
    const page = /** @type {PageName} */ (text('page'));
    return {
        page: PAGES.includes(page) ? page : DEFAULTS.page,
        q: text('q'),
        start: text('start'),
        end: text('end'),
        zone: text('zone') === 'utc' ? 'utc' : 'local',
        log: /^\d{1,18}$/.test(text('log')) ? text('log') : '',
        live: text('live') === 'true',
        reason: text('reason'),
        app: text('app'),
    };
}

/**
 * The address of a view.
 *
 * @param {Partial<View>} changes to what is shown now
 */
export function address(changes) {
    const next = { ...view.value, ...changes };
    const parameters = new URLSearchParams();
    for (const key of /** @type {(keyof View)[]} */ (Object.keys(NAMES))) {
        if (next[key] !== DEFAULTS[key]) {
            parameters.set(NAMES[key], String(next[key]));
        }
    }
    const query = parameters.toString();
    return location.pathname + (query ? '?' + query : '');
}

/**
 * Shows something else.
 *
 * @param {Partial<View>} changes
 * @param {{replace?: boolean}} [options] replace: not a step that one would go back to
 */
export function go(changes, options = {}) {
    const url = address(changes);
    if (url !== location.pathname + location.search) {
        history[options.replace ? 'replaceState' : 'pushState'](null, '', url);
    }
    view.value = { ...view.value, ...changes };
}

addEventListener('popstate', () => {
    view.value = read();
});
