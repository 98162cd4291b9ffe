// @ts-check
/** The explorer: search, time, numbers over time, fields and rows. */
import { behind } from '../api.js';
import { view, go } from '../state.js';
import * as results from '../results.js';
import * as tail from '../tail.js';
import { Failure } from '../ui.js';
import { computed, html, signal, useEffect, useSignalEffect } from '../vendor/vendor.js';
import { Actions } from './actions.js';
import { Fields } from './fields.js';
import { Histogram } from './histogram.js';
import { closeAll, moveFocus, openedLog } from './rows.js';
import { LinkedLog } from './linked-log.js';
import { LiveRows } from './live-rows.js';
import { ResultRows } from './result-rows.js';
import { SearchBox } from './search-box.js';
import { Summary } from './summary.js';
import { TimeRange } from './time-range.js';

/** What makes another search; the rest of the view only shows it in another way. */
const question = computed(() => {
    const { q, start, end, live } = view.value;
    return JSON.stringify({ q, start, end, live });
});

/** Raised to ask the same again. */
const turn = signal(0);

export function again() {
    turn.value = turn.peek() + 1;
}

const fieldsShown = signal(matchMedia('(min-width: 800px)').matches);

/** @param {KeyboardEvent} event */
function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.matches('input, textarea, select');
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
        return;
    }
    if (event.key === 'Escape') {
        if (document.querySelector(':popover-open')) {
            return; // the browser closes it
        }
        if (typing) {
            target.blur();
        } else if (view.value.log) {
            go({ log: '' });
        } else {
            closeAll();
        }
        return;
    }
    const keys = /** @type {Record<string, () => void>} */ ({
        '/': () => document.getElementById('search')?.focus(),
        j: () => moveFocus(1),
        k: () => moveFocus(-1),
        r: again,
        l: () => go({ live: !view.value.live, log: '' }),
    });
    if (!typing && keys[event.key]) {
        event.preventDefault();
        keys[event.key]();
    }
    if (!typing && event.key === 'Enter' && target.matches('.row')) {
        openedLog(target);
    }
}

/** A page that one goes back to is as it was left, what it waited for included. @param {PageTransitionEvent} event */
function onShown(event) {
    if (event.persisted) {
        again();
    }
}

export function LogsPage() {
    useSignalEffect(() => {
        const { live, q } = JSON.parse(question.value);
        turn.value;
        if (live) {
            // an open log holds back what comes in
            closeAll();
            results.stop();
            tail.follow(q);
        } else {
            tail.end();
            // asks once more when it turns out to be another time
            behind.value;
            results.run();
        }
    });
    useEffect(() => {
        addEventListener('keydown', onKey);
        addEventListener('pagehide', results.stop);
        addEventListener('pageshow', onShown);
        return () => {
            removeEventListener('keydown', onKey);
            removeEventListener('pagehide', results.stop);
            removeEventListener('pageshow', onShown);
            tail.end();
            results.stop();
        };
    }, []);
    const { live, log } = view.value;
    const failed = results.error.value;
    return html`
        <div class="controls">
            <${SearchBox} again=${again} />
            ${!live && html`<${TimeRange} again=${again} />`}
            <${Actions} />
        </div>
        ${!live && html`<${Histogram} again=${again} />`}
        <div class="columns ${fieldsShown.value && !live ? '' : 'without-fields'}">
            ${!live && fieldsShown.value && html`<${Fields} />`}
            <section class="results" aria-label="Logs">
                <${Summary} fieldsShown=${fieldsShown} />
                ${log && html`<${LinkedLog} key=${log} id=${log} />`}
                ${!live && failed && html`<${Failure} error=${failed} retry=${again} />`}
                ${live ? html`<${LiveRows} />` : html`<${ResultRows} again=${again} />`}
            </section>
        </div>`;
}
