// @ts-check
/** The search as a rule for alerts, to be pasted into the file of rules. */
import { search } from '../results.js';
import { Dialog, copy } from '../ui.js';
import { html, useState } from '../vendor/vendor.js';

/** @param {{close: () => void}} props */
export function AlertOnSearch({ close }) {
    const q = search.value;
    const [name, setName] = useState('my-alert');
    const [threshold, setThreshold] = useState('10');
    const [interval, setInterval] = useState('300');
    const yaml = `rules:
  - name: ${scalar(name)}${q ? `
    match: {q: ${scalar(q)}}` : ''}
    threshold: ">= ${Number(threshold) || 1}"
    interval_sec: ${Number(interval) || 60}
`;
    /** @param {(value: string) => void} set */
    const on = (set) => (/** @type {any} */ e) => set(e.target.value);
    return html`<${Dialog} title="Alert on this search" close=${close}>
        <div class="form-line">
            <label>Name <input value=${name} maxlength="100" onInput=${on(setName)} /></label>
            <label>From so many logs <input type="number" min="1" value=${threshold} onInput=${on(setThreshold)} /></label>
            <label>within seconds <input type="number" min="5" max="86400" value=${interval} onInput=${on(setInterval)} /></label>
        </div>
        <p>Put this into the file of alert rules (<code>conf/alerts.yaml</code>, or what <code>ALERT_RULES</code> names);
            if it has a list named <code>rules</code> already, at the end of that. The file is read again by itself.</p>
        <pre class="yaml" tabindex="0" aria-label="YAML">${yaml}</pre>
        <p><button class="primary" onClick=${() => copy(yaml, 'YAML copied')}>Copy YAML</button></p>
    <//>`;
}

/** A text in YAML, whatever it holds. @param {string} text */
function scalar(text) {
    return /^[\p{L}][\p{L}\p{N}_-]*$/u.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
}
