// @ts-check
/** One log as a row, and what all lists of rows share: which are open, which has the focus. */
import { short } from '../time.js';
import { lookedFor } from '../results.js';
import { MOST_MARKS_OF_ROW, levelClass, marked, oneLine } from '../text.js';
import { view } from '../state.js';
import { Component, computed, html, signal, useComputed } from '../vendor/vendor.js';
import { Detail } from './detail.js';

/** @typedef {import('../api.js').Log & {key?: string}} Log */

/** The keys of the rows that are open. */
const opened = signal(/** @type {ReadonlySet<string>} */ (new Set()));

const zone = computed(() => view.value.zone);

export const anyOpen = computed(() => opened.value.size > 0);

/** @param {Log} log */
export const keyOf = (log) => log.key ?? String(log.id);

/** @param {string} key */
function toggle(key) {
    const next = new Set(opened.value);
    if (!next.delete(key)) {
        next.add(key);
    }
    opened.value = next;
}

export function closeAll() {
    opened.value = new Set();
}

/** @param {string} key */
export function open(key) {
    opened.value = new Set(opened.value).add(key);
}

/** @param {string} key */
export function close(key) {
    opened.value = new Set([...opened.value].filter((one) => one !== key));
}

/** Opens or closes the log of a row. @param {HTMLElement} row */
export function openedLog(row) {
    toggle(row.dataset.key ?? '');
}

/** Moves the focus to the next row (1) or the one before (-1). @param {number} step */
export function moveFocus(step) {
    const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.rows .row')]);
    const now = rows.findIndex((row) => row.contains(document.activeElement));
    const next = now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + step));
    rows[next]?.focus();
}

/**
 * Rows that never change as a group, so that thousands of them cost nothing when others are added.
 *
 * @extends {Component<{logs: Log[], first: number, total: number}>}
 */
export class Rows extends Component {
    /** @param {{logs: Log[], first: number, total: number}} next */
    shouldComponentUpdate(next) {
        return next.logs !== this.props.logs || next.total !== this.props.total;
    }

    render() {
        const { logs, first, total } = this.props;
        return logs.map((log, i) => html`<${Row} key=${keyOf(log)} log=${log} place=${first + i + 1} total=${total} />`);
    }
}

/** @param {{log: Log, place: number, total: number, here?: boolean}} props */
export function Row({ log, place, total, here = false }) {
    const key = keyOf(log);
    const open = useComputed(() => opened.value.has(key)).value;
    /** @param {MouseEvent} event */
    const click = (event) => {
        const selecting = String(getSelection()) !== '' && event.detail < 2;
        if (!selecting) {
            toggle(key);
        }
    };
    return html`<article class="row ${levelClass(log.level)} ${open ? 'open' : ''} ${here ? 'here' : ''}" tabindex="-1" data-key=${key}
            aria-posinset=${place || undefined} aria-setsize=${place ? total : undefined} aria-label="${log.level}, ${log.app}, ${log.service}">
        <div class="line" onClick=${click}>
            <button class="fold" tabindex="-1" aria-expanded=${open} aria-label="Details">${open ? '▾' : '▸'}</button>
            <time datetime=${log.timestamp}>${short(log.timestamp, zone.value)}</time>
            <span class="level">${log.level}</span>
            <span class="source" title="${log.app} / ${log.service}"><bdi>${log.app}</bdi> / <bdi>${log.service}</bdi></span>
            <span class="message" dir="auto">${marked(oneLine(log.message), lookedFor.value, MOST_MARKS_OF_ROW)}</span>
        </div>
        ${open && html`<${Detail} log=${log} />`}
    </article>`;
}
