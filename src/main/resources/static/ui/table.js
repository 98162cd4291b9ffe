// @ts-check
/** Rows with the same columns. On a narrow screen each row is a card, and each value has the title of its column. */
import { html } from './vendor/vendor.js';

/**
 * @template T
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: T) => any} show
 * @property {'number' | 'wide' | 'short' | 'buttons'} [kind] wide: may break anywhere; short: never; buttons: need no title to be seen
 */

/**
 * @template T
 * @param {{label: string, columns: Column<T>[], rows: T[], keyOf: (row: T) => string | number}} props label: the id of what names it
 */
export function Table({ label, columns, rows, keyOf }) {
    return html`<div class="scroll" tabindex="0" role="group" aria-labelledby=${label}><table>
        <thead><tr>${columns.map(({ title, kind }) => html`
            <th key=${title} class=${kind}>${kind === 'buttons' ? html`<span class="unseen">${title}</span>` : title}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr key=${keyOf(row)}>${columns.map(({ title, kind, show }) => html`
            <td key=${title} class=${kind} data-title=${title}>${show(row)}</td>`)}</tr>`)}</tbody></table></div>`;
}
