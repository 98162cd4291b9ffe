// @ts-check
/** The rows that were found, and older ones when somebody comes to their end. */
import * as results from '../results.js';
import { go, view } from '../state.js';
import { html, useEffect, useRef } from '../vendor/vendor.js';
import { counted } from '../text.js';
import { Failure } from '../ui.js';
import { FirstLog } from './first-log.js';
import { Rows } from './rows.js';

/** @param {{again: () => void}} props */
export function ResultRows({ again }) {
    const pages = results.pages.value;
    const total = results.total.value ?? -1;
    const list = useRef(/** @type {HTMLElement | null} */ (null));
    useEffect(() => {
        list.current?.scrollTo({ top: 0 });
    }, [pages[0]]);
    let first = 0;
    const groups = pages.map((logs) => {
        const group = html`<${Rows} key=${logs[0].id} logs=${logs} first=${first} total=${total} />`;
        first += logs.length;
        return group;
    });
    return html`<div class="rows ${results.loading.value ? 'stale' : ''}" ref=${list} tabindex="0" role="region" aria-label="Logs that were found">
        ${pages.length > 0 && html`<div role="feed" aria-label="Logs, newest first" aria-busy=${results.loadingOlder.value}>${groups}</div>`}
        ${pages.length > 0 && html`<${End} list=${list} />`}
        ${pages.length === 0 && html`<${Nothing} again=${again} />`}
    </div>`;
}

/** @param {{list: {current: HTMLElement | null}}} props */
function End({ list }) {
    const end = useRef(/** @type {HTMLElement | null} */ (null));
    const more = results.next.value;
    const failed = results.olderError.value;
    useEffect(() => {
        // on a narrow screen the page scrolls, not the list
        const scrolls = list.current !== null && getComputedStyle(list.current).overflowY !== 'visible';
        const watch = new IntersectionObserver((seen) => {
            if (seen.some((one) => one.isIntersecting) && !results.olderError.peek()) {
                results.loadOlder();
            }
        }, { root: scrolls ? list.current : null, rootMargin: '600px' });
        if (end.current && more) {
            watch.observe(end.current);
        }
        return () => watch.disconnect();
    }, [more]);
    return html`<div class="end" ref=${end}>${failed ? html`<${Failure} error=${failed} retry=${results.loadOlder} />` : more
        ? html`<button disabled=${results.loadingOlder.value} onClick=${results.loadOlder}>
            ${results.loadingOlder.value ? 'Loading older logs…' : 'Load older'}</button>`
        : html`<span class="quiet">No older logs: this search finds ${counted(results.shown.value)} in this time.</span>`}</div>`;
}

/** @param {{again: () => void}} props */
function Nothing({ again }) {
    if (results.loading.value) {
        return html`<div class="empty" role="status">Searching…</div>`;
    }
    if (results.error.value || results.anyLogs.value === null) {
        return null;
    }
    if (!results.anyLogs.value) {
        return html`<${FirstLog} found=${again} />`;
    }
    const { q, start } = view.value;
    return html`<div class="empty">
        <p>No log matches in this time.</p>
        <p class="choices">
            ${start !== 'all' && html`<button onClick=${() => go({ start: 'all', end: 'now' })}>Search all time</button>`}
            ${start === '-1h' && html`<button onClick=${() => go({ start: '-24h', end: 'now' })}>Search the last day</button>`}
            ${q && html`<button onClick=${() => go({ q: '' })}>Clear the search</button>`}
        </p>
    </div>`;
}
