// @ts-check
/** The most frequent values of each field; a click asks for one, or refuses it. */
import * as results from '../results.js';
import { include, metadataField, quote, stateOf, toggle } from '../search.js';
import { go } from '../state.js';
import { count, levelClass, valueText } from '../text.js';
import { Failure } from '../ui.js';
import { html, useState } from '../vendor/vendor.js';

/** Unless one wants to see them all. */
const SHOWN_VALUES = 10;

/** @typedef {{field: string, title: string, counts: [unknown, number][], total: number, open: boolean}} Group */

/** @returns {Group[]} */
function groups() {
    const fields = results.fields.value;
    if (!fields) {
        return [];
    }
    // each log has one of these; only the most frequent values are listed
    const all = results.total.value ?? sum(Object.values(fields.by_level));
    /** @param {string} field @param {Record<string, number>} counts @returns {Group} */
    const column = (field, counts) => ({ field, title: field, counts: Object.entries(counts), total: all, open: true });
    return [
        column('level', fields.by_level),
        column('app', fields.by_app),
        column('service', fields.by_service),
        ...fields.metadata_.map((one) => ({
            field: metadataField([one.key]),
            title: one.key,
            counts: /** @type {[unknown, number][]} */ (one.values.map(({ value, count: number }) => [value, number])),
            total: one.count,
            open: false,
        })),
    ];
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

export function Fields() {
    const fields = results.fields.value;
    const all = groups();
    return html`<aside class="fields" aria-label="Fields" tabindex="0">
        ${all.slice(0, 3).map((group) => html`<${FieldGroup} key=${group.field} group=${group} />`)}
        ${all.length > 3 && html`<h2>metadata_</h2>
            ${!fields?.metadata_complete && html`<p class="quiet">Counted in the newest ${count(fields?.metadata_looked_at ?? 0)}</p>`}`}
        ${all.slice(3).map((group) => html`<${FieldGroup} key=${group.field} group=${group} />`)}
        ${fields?.metadata_.length === results.MOST_FREQUENT && html`<p class="quiet">These are the ${results.MOST_FREQUENT} most frequent keys. Others can be searched for: <code>metadata_.key:value</code></p>`}
        ${results.fieldsError.value && html`<${Failure} error=${results.fieldsError.value} />`}
        ${fields === null && !results.fieldsError.value && results.range.value && !results.countError.value && html`<p class="quiet">Counting…</p>`}
    </aside>`;
}

/** @param {{group: Group}} props */
function FieldGroup({ group }) {
    const [all, setAll] = useState(false);
    const { counts } = group;
    const most = Math.max(1, ...counts.map(([, number]) => number));
    return html`<details open=${group.open}>
        <summary><bdi>${group.title}</bdi> <span class="quiet">${count(group.total)}</span></summary>
        <ul>${counts.slice(0, all ? counts.length : SHOWN_VALUES).map(([value, number]) => html`<${FieldValue} key=${valueText(value)} field=${group.field} value=${value} number=${number} most=${most} />`)}</ul>
        ${counts.length > SHOWN_VALUES && html`<p class="more"><button class="link" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? 'Fewer' : `${counts.length - SHOWN_VALUES} more`}</button></p>`}
        ${all && counts.length === results.MOST_FREQUENT && html`<p class="quiet">These are the ${results.MOST_FREQUENT} most frequent.</p>`}
        ${counts.length === 0 && !group.open && html`<p class="quiet">Objects and long texts only</p>`}
    </details>`;
}

/** @param {{field: string, value: unknown, number: number, most: number}} props */
function FieldValue({ field, value, number, most }) {
    const q = results.search.value;
    const state = stateOf(q, field, value);
    const text = valueText(value);
    const term = `${field}:${quote(value)}`;
    return html`<li class="field-value ${state}">
        <button class="take ${field === 'level' ? levelClass(text) : ''}" aria-pressed=${state === 'included'} title="Only ${text}"
            onClick=${() => go({ q: include(q, field, value) })}>
            <meter min="0" max=${most} value=${number} aria-hidden="true"></meter>
            <bdi class="name">${text || '(empty)'}</bdi><span class="number">${count(number)}</span></button>
        <button class="icon refuse" aria-pressed=${state === 'excluded'} title="Without ${text}" aria-label="Without ${text}"
            onClick=${() => go({ q: toggle(q, term, false) })}>−</button>
    </li>`;
}
