// @ts-check
/** What can be done with what is shown: follow, export, share, alert. */
import * as api from '../api.js';
import { asked, range } from '../results.js';
import { address, go, view } from '../state.js';
import { Failure, Menu, closeMenu, copy } from '../ui.js';
import { html, useEffect, useState } from '../vendor/vendor.js';
import { AlertOnSearch } from './alert-on-search.js';

export function Actions() {
    const { live } = view.value;
    const [alerting, setAlerting] = useState(false);
    const share = () => {
        const { start_time, end_time } = asked.value;
        // the times as they were asked for: whoever follows the link sees the same
        const link = live || !range.value ? address({}) : address({ start: start_time ?? 'all', end: end_time ?? 'now' });
        copy(new URL(link, location.href).href, 'Link copied');
    };
    return html`<div class="actions">
        <button class=${live ? 'live on' : 'live'} aria-pressed=${live} title="Follow logs as they come in (l)" onClick=${() => go({ live: !live, log: '' })}>Live</button>
        ${!live && range.value && html`<${Menu} id="export-menu" label="Export" title="Export all that was found"><${ExportChoices} /><//>`}
        <button title="Copy a link to exactly this" onClick=${share}>Share</button>
        <button title="Alert on this search" onClick=${() => setAlerting(true)}>Alert</button>
        ${alerting && html`<${AlertOnSearch} close=${() => setAlerting(false)} />`}
    </div>`;
}

function ExportChoices() {
    const zone = view.value.zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
    const formats = [
        ['ndjson', 'NDJSON', 'one log per line, as the API shows it'],
        ['csv', 'CSV', `for spreadsheets, times in ${zone}`],
        ['parquet', 'Parquet', 'for analysis'],
    ];
    const [failed, setFailed] = useState(/** @type {api.ApiError | null} */ (null));
    const [asking, setAsking] = useState(false);
    useEffect(() => setFailed(null), [asked.value]);
    /** Browsers say little of a download that fails: so it is asked for without its content first. @param {MouseEvent} event */
    const download = async (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) {
            return;
        }
        event.preventDefault();
        const link = /** @type {HTMLAnchorElement} */ (/** @type {HTMLElement} */ (event.currentTarget).cloneNode());
        setFailed(null);
        setAsking(true);
        try {
            await api.send(new URL(link.href), { method: 'HEAD' });
            link.click();
            closeMenu('export-menu');
        } catch (e) {
            setFailed(/** @type {api.ApiError} */ (e));
        }
        setAsking(false);
    };
    return html`<div class="choices-list">${formats.map(([format, title, note]) => html`
        <a href=${api.url('api/v1/logs/export', { ...asked.value, format, zone: format === 'csv' ? zone : undefined }).href} download onClick=${download}>
            <b>${title}</b> <span class="quiet">${note}</span></a>`)}
        ${asking && html`<p class="quiet" role="status">Preparing the export…</p>`}
        ${failed && html`<${Failure} error=${failed} />`}
        <p class="quiet">All logs of this search and time, not only the rows that are loaded.</p></div>`;
}
