// @ts-check
/** Logs as they come in. The list stays where it is while somebody reads. */
import * as tail from '../tail.js';
import { count, counted } from '../text.js';
import { Failure } from '../ui.js';
import { html, useEffect, useRef } from '../vendor/vendor.js';
import { Row, anyOpen } from './rows.js';

export function LiveRows() {
    const list = useRef(/** @type {HTMLElement | null} */ (null));
    useEffect(() => {
        tail.holdWhile(() => {
            const box = list.current;
            const away = box !== null && (box.scrollTop > 4 || (document.scrollingElement?.scrollTop ?? 0) > 200);
            return away || anyOpen.value || String(getSelection()) !== '';
        });
        return () => tail.holdWhile(() => false);
    }, []);
    const rows = tail.rows.value;
    const error = tail.error.value;
    const show = () => {
        tail.show(true);
        list.current?.scrollTo({ top: 0 });
    };
    return html`
        ${error && html`<${Failure} error=${error} />`}
        ${tail.missed.value > 0 && html`<p class="notice">${Number.isFinite(tail.missed.value)
            ? `${counted(tail.missed.value)} came faster than could be shown here.`
            : 'Some logs may be missing here: they went by while the connection was away.'}
            All can be found with Live off.</p>`}
        ${tail.waiting.value > 0 && html`<button class="waiting primary" onClick=${show}>${count(tail.waiting.value)} new ↑</button>`}
        <div class="rows" ref=${list} tabindex="0" role="region" aria-label="Live logs">
            ${rows.length > 0 && html`<div role="feed" aria-label="Live logs, newest first" aria-busy="false">
                ${rows.map((log, i) => html`<${Row} key=${log.key} log=${log} place=${i + 1} total=${-1} />`)}</div>`}
            ${rows.length === 0 && !error && html`<div class="empty"><p>${tail.state.value === 'open'
                ? 'Waiting for the next log that matches…' : 'Connecting…'}</p>
                <p class="quiet">Logs appear here as they enter the queue, before they are stored.</p></div>`}
        </div>`;
}
