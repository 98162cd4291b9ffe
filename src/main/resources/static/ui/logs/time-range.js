// @ts-check
/** Which time is looked at: relative to now, or from one moment to another. */
import { now as serviceTime } from '../api.js';
import { range } from '../results.js';
import { go, view } from '../state.js';
import { PRESETS, endText, parseTyped, rangeText } from '../time.js';
import { Menu, closeMenu } from '../ui.js';
import { html, useState } from '../vendor/vendor.js';

const MENU = 'time-menu';

/** Shows the time between two moments. @param {number} start @param {number} end */
export function zoomTo(start, end) {
    go({ start: new Date(start).toISOString(), end: new Date(end).toISOString() });
}

/** Moves by a whole length: -1 back, 1 on. @param {number} step */
function shift(step) {
    const now = range.value;
    if (now?.start != null) {
        const length = now.end - now.start;
        zoomTo(now.start + step * length, now.end + step * length);
    }
}

function zoomOut() {
    const now = range.value;
    if (now?.start == null) {
        return;
    }
    const half = (now.end - now.start) / 2;
    // the time to come holds nothing
    const end = Math.max(now.end, Math.min(now.end + half, serviceTime()));
    zoomTo(end - 4 * half, end);
}

/** @param {{again: () => void}} props */
export function TimeRange({ again }) {
    const { start, end, zone } = view.value;
    const text = rangeText(start, end, zone);
    const fixed = start === 'all';
    return html`<div class="time-range" role="group" aria-label="Time">
        <button class="icon" disabled=${fixed} title="Earlier" aria-label="Earlier" onClick=${() => shift(-1)}>‹</button>
        <${Menu} id=${MENU} label=${text} title="Time: ${text}" class="time-button"><${Choices} key="${start} ${end} ${zone}" /><//>
        <button class="icon" disabled=${fixed} title="Later" aria-label="Later" onClick=${() => shift(1)}>›</button>
        <button class="icon" disabled=${fixed} title="Zoom out" aria-label="Zoom out" onClick=${zoomOut}>⊖</button>
        <button class="icon" title="Search again (r)" aria-label="Search again" onClick=${again}>⟳</button>
    </div>`;
}

function Choices() {
    const { start, end, zone } = view.value;
    const [from, setFrom] = useState(start === 'all' ? '' : endText(start, zone));
    const [to, setTo] = useState(endText(end, zone));
    const [wrong, setWrong] = useState('');
    /** @param {string} preset */
    const choose = (preset) => {
        closeMenu(MENU);
        go({ start: preset, end: 'now' });
    };
    /** @param {Event} event */
    const apply = (event) => {
        event.preventDefault();
        const first = from.trim() === '' ? 'all' : parseTyped(from, zone);
        const last = to.trim() === '' ? 'now' : parseTyped(to, zone);
        if (first === null || last === null) {
            setWrong(`“${first === null ? from : to}” is not a time`);
            return;
        }
        closeMenu(MENU);
        go({ start: first, end: last });
    };
    return html`<div class="time-choices">
        <div class="presets" role="group" aria-label="Up to now">${PRESETS.map((preset) => html`
            <button aria-pressed=${start === preset && end === 'now'} onClick=${() => choose(preset)}>${rangeText(preset, 'now', zone)}</button>`)}</div>
        <form onSubmit=${apply}>
            <label>From <input value=${from} onInput=${(/** @type {any} */ e) => setFrom(e.target.value)} placeholder="2026-01-31 12:00" /></label>
            <label>To <input value=${to} onInput=${(/** @type {any} */ e) => setTo(e.target.value)} placeholder="now" /></label>
            <p class="quiet">In ${zone === 'utc' ? 'UTC' : 'local time'}; also <code>-15m</code>, <code>-2d</code>, <code>now</code></p>
            ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
            <button type="submit" class="primary">Apply</button>
        </form>
    </div>`;
}
