// @ts-check
/** Where alerts go, and a try whether they arrive. */
import * as api from '../api.js';
import { Table } from '../table.js';
import { count } from '../text.js';
import { Failure, useAnswer } from '../ui.js';
import { html, useState } from '../vendor/vendor.js';

/** @typedef {{name: string, source: string, started: boolean, error: string | null, delivered: number, failed: number}} Channel */

const ASK_EVERY_MS = 5000;

export function Channels() {
    const { value, error, again } = useAnswer((signal) => api.call('api/v1/alerts/channels', {}, { signal }), ASK_EVERY_MS);
    /** @type {Channel[]} */
    const channels = value ?? [];
    /** @type {import('../table.js').Column<Channel>[]} */
    const columns = [
        { title: 'Name', show: (channel) => html`<b>${channel.name}</b>` },
        { title: 'From', show: (channel) => html`<code>${channel.source}</code>` },
        { title: 'State', show: (channel) => html`${channel.started ? html`<span class="tag good">on</span>` : html`<span class="tag">off</span>`}
            ${channel.error && html`<p class="wrong">${channel.error}</p>`}` },
        { title: 'Delivered', kind: 'number', show: (channel) => count(channel.delivered) },
        { title: 'Failed', kind: 'number', show: (channel) => count(channel.failed) },
        { title: 'Test', kind: 'buttons', show: (channel) => html`<${Try} channel=${channel} again=${again} />` },
    ];
    return html`<section aria-labelledby="channels"><h2 id="channels">Channels</h2>
        ${error && html`<${Failure} error=${error} retry=${again} />`}
        <${Table} label="channels" columns=${columns} rows=${channels} keyOf=${(/** @type {Channel} */ channel) => channel.name + channel.source} />
        <p class="quiet">Numbers since the start of the process that answers.</p>
    </section>`;
}

/** @param {{channel: Channel, again: () => void}} props */
function Try({ channel, again }) {
    const [result, setResult] = useState('');
    const test = async () => {
        setResult('sending…');
        try {
            const told = await api.call(`api/v1/alerts/channels/${encodeURIComponent(channel.name)}/test`, {}, { method: 'POST' });
            setResult(told.delivered ? `✓ delivered in ${told.took_ms} ms` : `✗ ${told.error}`);
        } catch (e) {
            setResult(`✗ ${/** @type {Error} */ (e).message}`);
        }
        again();
    };
    return html`<button disabled=${!channel.started} onClick=${test} aria-label="Test ${channel.name}">Test</button> <span role="status">${result}</span>`;
}
