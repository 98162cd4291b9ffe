// @ts-check
/** How much of what was found is shown. */
import * as results from '../results.js';
import * as tail from '../tail.js';
import { count } from '../text.js';
import { view } from '../state.js';
import { html } from '../vendor/vendor.js';

/** @param {{fieldsShown: {value: boolean}}} props */
export function Summary({ fieldsShown }) {
    return view.value.live ? html`<${LiveSummary} />` : html`<div class="summary">
        <button class="link" aria-expanded=${fieldsShown.value} onClick=${() => { fieldsShown.value = !fieldsShown.value; }}>
            ${fieldsShown.value ? 'Hide fields' : 'Fields'}</button>
        <span role="status">${text()}</span>
        ${results.loading.value || results.counting.value || results.loadingOlder.value
            ? html`<button class="link" onClick=${results.cancel}>Cancel</button>` : ''}
    </div>`;
}

function text() {
    const shown = results.shown.value;
    const total = results.total.value;
    if (results.loading.value) {
        return 'Searching…';
    }
    if (total === null) {
        return results.countError.value ? `Showing ${count(shown)}; all of them can’t be counted: ${results.countError.value.message}`
            : `Showing ${count(shown)}, counting…`;
    }
    // what came after it was counted
    return shown === 0 && total === 0 ? 'Nothing found' : `Showing ${count(shown)} of ${count(Math.max(total, shown))}`;
}

function LiveSummary() {
    const state = { connecting: 'Connecting…', open: 'Live', waiting: 'Connection lost, trying again…', off: 'Off' }[tail.state.value];
    const shown = tail.rows.value.length;
    return html`<div class="summary">
        <span class="live-dot ${tail.state.value} ${tail.paused.value ? 'paused' : ''}" aria-hidden="true"></span>
        <span role="status">${tail.paused.value ? 'Paused' : state}</span>
        <span>${count(shown)} shown${shown === 2000 ? '; older ones are let go, and found with Live off' : ''}</span>
        <button onClick=${() => { tail.paused.value = !tail.paused.value; }} aria-pressed=${tail.paused.value}>
            ${tail.paused.value ? 'Go on' : 'Pause'}</button>
    </div>`;
}
