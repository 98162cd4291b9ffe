// @ts-check
/** The log that the address names, in its surroundings, whether the search finds it or not. */
import * as api from '../api.js';
import { go, view } from '../state.js';
import { full } from '../time.js';
import { levelClass, oneLine } from '../text.js';
import { Failure, useAnswer } from '../ui.js';
import { html } from '../vendor/vendor.js';
import { Surroundings } from './detail.js';

/** @param {{id: string}} props */
export function LinkedLog({ id }) {
    const { value, error, again } = useAnswer((signal) => api.call(`api/v1/logs/${id}`, {}, { signal }), 0, [id]);
    /** @type {import('../api.js').Log | null} */
    const log = value;
    return html`<section class="linked" aria-label="Linked log">
        <div class="linked-head">
            <h2>Log ${id}</h2>
            ${log && html`<span class="${levelClass(log.level)}"><span class="level">${log.level}</span></span>
                <time datetime=${log.timestamp}>${full(log.timestamp, view.value.zone)}</time>
                <span class="message" dir="auto">${oneLine(log.message)}</span>`}
            <button class="icon" aria-label="Close the linked log" title="Close (Esc)" onClick=${() => go({ log: '' })}>✕</button>
        </div>
        ${error && (error.status === 404
            ? html`<p class="notice">There is no log ${id}: it was deleted, or its time to be kept is over.</p>`
            : html`<${Failure} error=${error} retry=${again} />`)}
        ${log && html`<${Surroundings} log=${log} opened />`}
    </section>`;
}
