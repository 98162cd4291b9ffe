// @ts-check
/** All of one log: fields, JSON, and what the same service logged around it. */
import * as api from '../api.js';
import { stringify } from '../json.js';
import { lookedFor, search } from '../results.js';
import { include, metadataField, quote, toggle } from '../search.js';
import { address, go, view } from '../state.js';
import { FullText, valueText } from '../text.js';
import { full } from '../time.js';
import { Failure, copy, useAnswer } from '../ui.js';
import { html, useEffect, useRef, useState } from '../vendor/vendor.js';
import { Row, close, open } from './rows.js';

/** @typedef {import('../api.js').Log & {key?: string}} Log */

const STEP = 10;
const MOST = 100;
/** Of an array; a longer one is one value. */
const MOST_ELEMENTS = 20;
/** Longer values can't be asked for: a search has up to 2,000 characters. */
const LONGEST_ASKED = 1000;

/** @param {{log: Log}} props */
export function Detail({ log }) {
    const [tab, setTab] = useState('fields');
    const shown = { ...log };
    delete shown.key;
    const json = () => stringify(shown, 2);
    const link = () => new URL(address({ page: 'logs', log: String(log.id), live: false }), location.href).href;
    const tabs = [['fields', 'Fields'], ['json', 'JSON'], ...(log.id === undefined ? [] : [['around', 'Surrounding logs']])];
    return html`<div class="detail">
        <div class="detail-tools">
            <div class="tabs" role="group" aria-label="What to show of this log">${tabs.map(([name, title]) => html`
                <button aria-pressed=${tab === name} onClick=${() => setTab(name)}>${title}</button>`)}</div>
            <button onClick=${() => copy(json(), 'JSON copied')}>Copy JSON</button>
            <button onClick=${() => copy(log.message, 'Message copied')}>Copy message</button>
            ${log.id !== undefined && html`<button onClick=${() => copy(link(), 'Link copied')}>Copy link</button>`}
        </div>
        ${tab === 'fields' && html`<${FieldTable} log=${log} />`}
        ${tab === 'json' && html`<pre class="json" dir="ltr" tabindex="0" aria-label="JSON">${json()}</pre>`}
        ${tab === 'around' && html`<${Surroundings} log=${log} />`}
    </div>`;
}

/** @param {{log: Log}} props */
function FieldTable({ log }) {
    const { zone } = view.value;
    /** @type {Leaf[]} */
    const fields = [
        { field: 'level', label: 'level', value: log.level },
        { field: 'app', label: 'app', value: log.app },
        { field: 'service', label: 'service', value: log.service },
        ...leaves(log.metadata_ ?? {}, []),
    ];
    const plain = [
        ['timestamp', full(log.timestamp, zone)],
        ['received_at', full(log.received_at, zone)],
        ...(log.id === undefined ? [] : [['id', String(log.id)]]),
    ];
    return html`
        <pre class="whole-message" dir="auto" tabindex="0" aria-label="Message"><${FullText} text=${log.message} wanted=${lookedFor.value} /></pre>
        <table class="field-table"><tbody>
            ${plain.map(([label, text]) => html`<tr><th scope="row">${label}</th><td></td><td class="value">${text}</td></tr>`)}
            ${fields.map((one, i) => html`<tr key=${i}>
                <th scope="row"><bdi>${one.label}</bdi></th>
                <td class="field-tools">
                    ${canBeAskedFor(one.value) && html`
                        <button class="icon" title="Only logs with this value" aria-label="Only logs with this ${one.label}"
                            onClick=${() => go({ q: include(search.value, one.field, one.value), log: '' })}>+</button>
                        <button class="icon" title="Only logs without this value" aria-label="Only logs without this ${one.label}"
                            onClick=${() => go({ q: toggle(search.value, `${one.field}:${quote(one.value)}`, false), log: '' })}>−</button>`}
                    <button class="icon" title="Copy" aria-label="Copy ${one.label}"
                        onClick=${() => copy(valueText(one.value))}>copy</button>
                </td>
                <td class="value" dir="auto"><${FullText} text=${valueText(one.value)} /></td>
            </tr>`)}
        </tbody></table>`;
}

/** @typedef {{field: string, label: string, value: unknown}} Leaf */

/**
 * The values of an object that hold no others; those of a short array one by one, as they are searched for.
 *
 * @param {Record<string, unknown>} object
 * @param {string[]} path
 * @returns {Leaf[]}
 */
function leaves(object, path) {
    return Object.entries(object).flatMap(([key, value]) => {
        const keys = [...path, key];
        if (holdsOthers(value) && !Array.isArray(value) && Object.keys(value).length) {
            return leaves(/** @type {Record<string, unknown>} */ (value), keys);
        }
        const values = Array.isArray(value) && value.length && value.length <= MOST_ELEMENTS && !value.some(holdsOthers) ? value : [value];
        return values.map((one) => ({ field: metadataField(keys), label: keys.join('.'), value: one }));
    });
}

/** @param {unknown} value @returns {value is object} */
const holdsOthers = (value) => value !== null && typeof value === 'object';

/** @param {unknown} value */
const canBeAskedFor = (value) => !holdsOthers(value) && String(value).length <= LONGEST_ASKED;

/**
 * What was logged before and after.
 *
 * @param {{log: Log, opened?: boolean}} props opened: the log itself is shown in full, at its place
 */
export function Surroundings({ log, opened = false }) {
    const [size, setSize] = useState(STEP);
    const place = useRef(/** @type {HTMLElement | null} */ (null));
    /** @param {Log} one */
    const keyed = (one) => ({ ...one, key: `around-${log.id}-${one.id}` });
    const { value, error, again } = useAnswer(
        (signal) => api.call(`api/v1/logs/${log.id}/context`, { before: size, after: size }, { signal }), 0, [size]);
    /** @type {Log[]} */
    const logs = value ? [...value].reverse() : [];
    useEffect(() => {
        if (opened && value) {
            open(keyed(log).key);
            place.current?.scrollIntoView({ block: 'center' });
        }
    }, [value]);
    useEffect(() => () => close(keyed(log).key), []);
    return html`<div class="surroundings">
        ${error && html`<${Failure} error=${error} retry=${again} />`}
        <p class="quiet">What <bdi>${log.service}</bdi> of <bdi>${log.app}</bdi> logged around it, newest first
            ${size < MOST && html` · <button class="link" onClick=${() => setSize(Math.min(MOST, size * 3))}>more</button>`}</p>
        ${logs.map((one) => (one.id === log.id
            ? html`<div class="this-one" ref=${place} key=${one.id}><${Row} log=${keyed(one)} place=${0} total=${-1} here /></div>`
            : html`<${Row} key=${one.id} log=${keyed(one)} place=${0} total=${-1} />`))}
    </div>`;
}
