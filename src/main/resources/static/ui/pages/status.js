// @ts-check
/** Whether all is well: health, the books, how fast it goes, the queue and the routes. */
import * as api from '../api.js';
import { Table } from '../table.js';
import { count } from '../text.js';
import { ago, seconds } from '../time.js';
import { view } from '../state.js';
import { Failure, useAnswer } from '../ui.js';
import { html, useRef } from '../vendor/vendor.js';

/** @typedef {{accepted: number, stored: number, duplicate: number, dead_lettered: number, in_flight: number, difference: number}} Line */
/** @typedef {{app: string} & Line} AppLine */
/** @typedef {{at: number, ledger: Line}} Reading */

const ASK_EVERY_MS = 2000;
/** @type {Record<string, string>} where they are when a client is told that they are accepted */
const DURABILITY = {
    fsync: 'on the disk of Redis', everysec: 'on the disk of Redis within a second', memory: 'in the memory of Redis only',
    postgres: 'committed in PostgreSQL', unknown: 'in Redis, which doesn’t tell how safe that is',
};
/** Rates are of so many readings: short enough to follow, long enough not to flicker. */
const READINGS = 6;

export function StatusPage() {
    const status = useAnswer((signal) => api.call('api/v1/status', {}, { signal }), ASK_EVERY_MS);
    const ledger = useAnswer((signal) => api.call('api/v1/ledger', {}, { signal }), ASK_EVERY_MS);
    const readings = useRef(/** @type {Reading[]} */ ([]));
    if (ledger.value && readings.current[readings.current.length - 1]?.ledger !== ledger.value) {
        readings.current = [...readings.current, { at: Date.now(), ledger: ledger.value }].slice(-READINGS);
    }
    const failed = status.error ? status : ledger;
    return html`<div class="page">
        ${failed.error && html`<${Failure} error=${failed.error} retry=${failed.again} />`}
        ${!status.value && !failed.error && html`<p class="empty">Loading…</p>`}
        ${status.value && !status.error && html`<${Health} health=${status.value.health} />`}
        ${ledger.value && html`<${Books} ledger=${ledger.value} readings=${readings.current} />`}
        ${status.value && !status.error && html`<${Process} status=${status.value} />`}
    </div>`;
}

/** @param {{health: {status: string, down_since?: Record<string, string>, reasons?: Record<string, string>}}} props */
function Health({ health }) {
    const text = /** @type {Record<string, string>} */ ({
        ok: 'All is well.', degraded: 'Logs are accepted, but something is wrong.', down: 'Nothing can be accepted.',
    })[health.status];
    return html`<section aria-labelledby="health"><h2 id="health">Health</h2>
        <p><span class="tag ${health.status === 'ok' ? 'good' : 'bad'}">${health.status}</span> ${text}</p>
        ${health.down_since && html`<ul>${Object.entries(health.down_since).map(([part, since]) => html`
            <li key=${part}><b>${part}</b>, since ${seconds(since, view.value.zone)} ${health.reasons?.[part] ? `: ${health.reasons[part]}` : ''}</li>`)}</ul>`}
    </section>`;
}

/** @param {{ledger: Line & {apps: AppLine[]}, readings: Reading[]}} props */
function Books({ ledger, readings }) {
    /** @param {keyof Line} field */
    const rate = (field) => {
        const [first, last] = [readings[0], readings[readings.length - 1]];
        const time = last && first ? (last.at - first.at) / 1000 : 0;
        return time > 0 ? Math.max(0, (last.ledger[field] - first.ledger[field]) / time) : 0;
    };
    const fields = /** @type {[keyof Line, string][]} */ ([
        ['accepted', 'Accepted'], ['stored', 'Stored'], ['duplicate', 'Duplicates'], ['dead_lettered', 'Dead letters'], ['in_flight', 'In flight'], ['difference', 'Difference'],
    ]);
    /** @type {import('../table.js').Column<AppLine>[]} */
    const columns = [
        { title: 'App', show: (line) => html`<bdi>${line.app}</bdi>` },
        ...fields.map(([field, title]) => ({
            title, kind: /** @type {const} */ ('number'), show: (/** @type {AppLine} */ line) => count(line[field]),
        })),
    ];
    const drain = rate('stored');
    return html`<section aria-labelledby="books"><h2 id="books">The books</h2>
        <div class="tiles">${fields.map(([field, title]) => html`<div class="tile ${field === 'difference' && ledger.difference ? 'odd' : ''}">
            <span class="quiet">${title}</span><b>${count(ledger[field])}</b>
            <span class="quiet">${note(field, rate(field), ledger, drain)}</span></div>`)}</div>
        <${Table} label="books" columns=${columns} rows=${ledger.apps} keyOf=${(/** @type {AppLine} */ line) => line.app} />
        <p class="quiet">accepted = stored + duplicates + dead letters + in flight. While logs move the difference may be off for a moment.</p>
    </section>`;
}

/** @param {keyof Line} field @param {number} perSecond @param {Line} ledger @param {number} drain */
function note(field, perSecond, ledger, drain) {
    if (field === 'in_flight') {
        return ledger.in_flight === 0 ? 'the queue is empty' : drain > 0 ? `about ${Math.ceil(ledger.in_flight / drain)} s to store` : 'nothing is being stored';
    }
    return field === 'difference' ? (ledger.difference === 0 ? 'the books close' : '') : `${count(Math.round(perSecond))} / s`;
}

/** @type {import('../table.js').Column<any>[]} */
const ROUTES = [
    { title: 'Route', kind: 'wide', show: (route) => html`<code>${route.id}</code> <span class="quiet">${route.description}</span>` },
    { title: 'Group', show: (route) => route.group },
    { title: 'State', show: (route) => html`<span class="tag ${route.state === 'started' ? 'good' : 'bad'}">${route.state}</span>` },
    { title: 'Under way', kind: 'number', show: (route) => route.in_flight },
];

/** @param {{status: any}} props */
function Process({ status }) {
    return html`<section aria-labelledby="process"><h2 id="process">The process that answers</h2>
        <dl class="facts">
            <dt>Started</dt><dd>${seconds(status.started_at, view.value.zone)} (${ago(status.started_at, api.now())})</dd>
            <dt>Roles</dt><dd>${status.roles.join(', ')}</dd>
            <dt>Accepted logs are</dt><dd>${DURABILITY[status.durability] ?? DURABILITY.unknown} <code>${status.durability}</code></dd>
        </dl>
        <h3 id="routes">Routes</h3>
        <${Table} label="routes" columns=${ROUTES} rows=${status.routes} keyOf=${(/** @type {any} */ route) => route.id} />
    </section>`;
}
