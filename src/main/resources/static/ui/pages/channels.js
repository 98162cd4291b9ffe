// @ts-check
/** Where alerts go, and a try whether they arrive. */
import * as api from '../api.js';
import { count } from '../text.js';
import { Failure, useAnswer } from '../ui.js';
import { html, useState } from '../vendor/vendor.js';

/** @typedef {{name: string, source: string, started: boolean, error: string | null, delivered: number, failed: number}} Channel */

const ASK_EVERY_MS = 5000;

export function Channels() {
    const { value, error, again } = useAnswer((signal) => api.call('api/v1/alerts/channels', {}, { signal }), ASK_EVERY_MS);
    /** @type {Channel[]} */
    const channels = value ?? [];
    return html`<section aria-labelledby="channels"><h2 id="channels">Channels</h2>
        ${error && html`<${Failure} error=${error} retry=${again} />`}
        <div class="scroll" tabindex="0" role="group" aria-labelledby="channels"><table>
            <thead><tr><th>Name</th><th>From</th><th>State</th><th class="number">Delivered</th><th class="number">Failed</th><th><span class="unseen">Test</span></th></tr></thead>
            <tbody>${channels.map((channel) => html`<${ChannelRow} key=${channel.name + channel.source} channel=${channel} again=${again} />`)}</tbody>
        </table></div>
        <p class="quiet">Numbers since the start of the process that answers.</p>
    </section>`;
}

/** @param {{channel: Channel, again: () => void}} props */
function ChannelRow({ channel, again }) {
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
    return html`<tr>
        <td><b>${channel.name}</b></td><td><code>${channel.source}</code></td>
        <td>${channel.started ? html`<span class="tag good">on</span>` : html`<span class="tag">off</span>`}
            ${channel.error && html`<p class="wrong">${channel.error}</p>`}</td>
        <td class="number">${count(channel.delivered)}</td><td class="number">${count(channel.failed)}</td>
        <td><button disabled=${!channel.started} onClick=${test} aria-label="Test ${channel.name}">Test</button> <span role="status">${result}</span></td>
    </tr>`;
}
