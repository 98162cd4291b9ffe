// @ts-check
/** Small parts that several views are made of. */
import { html, signal, useEffect, useRef, useState } from './vendor/vendor.js';

/** What was just done, said for a moment, to screen readers too. */
const said = signal('');
let silence = 0;

/** @param {string} text */
export function say(text) {
    said.value = text;
    clearTimeout(silence);
    silence = window.setTimeout(() => {
        said.value = '';
    }, 3000);
}

export function Toast() {
    return html`<div class="toast ${said.value ? 'shown' : ''}" role="status">${said.value}</div>`;
}

/** @param {string} text @param {string} [what] */
export async function copy(text, what = 'Copied') {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        // a page that didn't come over HTTPS has no clipboard
        const area = document.createElement('textarea');
        area.value = text;
        (document.querySelector('dialog[open]') ?? document.body).append(area);
        area.select();
        document.execCommand('copy');
        area.remove();
    }
    say(what);
}

/**
 * What is wrong, and what to do about it.
 *
 * @param {{error: import('./api.js').ApiError, retry?: () => void}} props
 */
export function Failure({ error, retry }) {
    const advice = /** @type {Record<string, string>} */ ({
        unreachable: 'Is the service running, and the network up?',
        query_timeout: 'Choose a shorter time, or narrow the search by app, service or level.',
        db_unavailable: 'PostgreSQL is away. Logs are still accepted, and can be seen when it is back.',
        not_ready: 'The service is starting or stopping.',
        range: 'Choose another time.',
    })[error.code];
    const detail = error.code === 'query_timeout' ? 'The search took too long and was ended.' : error.message;
    return html`<div class="notice failure" role="alert">
        <p>${detail}</p>
        ${advice && html`<p class="quiet">${advice}</p>`}
        ${retry && html`<button onClick=${retry}>Try again</button>`}
    </div>`;
}

/**
 * A button with a panel that goes away by Escape or a click elsewhere.
 *
 * @param {{label: any, title: string, children: any, id: string, class?: string}} props
 */
export function Menu({ label, title, children, id, class: name = '' }) {
    const button = useRef(/** @type {HTMLElement | null} */ (null));
    const panel = useRef(/** @type {HTMLElement | null} */ (null));
    /** @param {{newState: string}} event */
    const place = (event) => {
        if (event.newState !== 'open' || !button.current || !panel.current) {
            return;
        }
        const at = button.current.getBoundingClientRect();
        const left = Math.min(at.left, innerWidth - panel.current.offsetWidth - 8);
        panel.current.style.top = `${at.bottom + 4}px`;
        panel.current.style.left = `${Math.max(8, left)}px`;
    };
    return html`<button ref=${button} class=${name} popovertarget=${id} title=${title} aria-label=${title}>${label}</button>
        <div ref=${panel} id=${id} popover="auto" class="menu" role="group" aria-label=${title} onToggle=${place}>${children}</div>`;
}

/** @param {string} id */
export function closeMenu(id) {
    document.getElementById(id)?.hidePopover();
}

/**
 * A dialog; there while it is rendered.
 *
 * @param {{title: string, close: () => void, children: any, class?: string}} props
 */
export function Dialog({ title, close, children, class: name = '' }) {
    const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
    useEffect(() => dialog.current?.showModal(), []);
    return html`<dialog ref=${dialog} class=${name} aria-labelledby="dialog-title" onClose=${close}
            onClick=${(/** @type {Event} */ e) => e.target === dialog.current && dialog.current?.close()}>
        <div class="dialog-body">
            <div class="dialog-head">
                <h2 id="dialog-title">${title}</h2>
                <button class="icon" aria-label="Close" onClick=${() => dialog.current?.close()}>✕</button>
            </div>
            ${children}
        </div>
    </dialog>`;
}

/**
 * A button that asks once more before it does something that can't be undone.
 *
 * @param {{children: any, sure: string, onClick: () => void, class?: string, disabled?: boolean}} props
 */
export function SureButton({ children, sure, onClick, class: name = '', disabled = false }) {
    const [asked, setAsked] = useState(false);
    useEffect(() => {
        const timer = asked ? setTimeout(() => setAsked(false), 4000) : 0;
        return () => clearTimeout(timer);
    }, [asked]);
    const click = () => {
        setAsked(!asked);
        if (asked) {
            onClick();
        }
    };
    return html`<button class="${name} ${asked ? 'danger' : ''}" disabled=${disabled} onClick=${click}>
        ${asked ? sure : children}</button>`;
}

/**
 * Asks again and again while it is shown.
 *
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {number} everyMs 0: once
 * @param {unknown[]} inputs
 * @returns {{value: T | null, error: import('./api.js').ApiError | null, again: () => void}}
 */
export function useAnswer(ask, everyMs, inputs = []) {
    const [answer, setAnswer] = useState(/** @type {{value: T | null, error: any}} */ ({ value: null, error: null }));
    const [turn, setTurn] = useState(0);
    useEffect(() => {
        const ended = new AbortController();
        let timer = 0;
        const once = async () => {
            try {
                const value = await ask(ended.signal);
                if (!ended.signal.aborted) {
                    setAnswer({ value, error: null });
                }
            } catch (error) {
                if (!ended.signal.aborted) {
                    setAnswer((before) => ({ value: before.value, error }));
                }
            }
            if (everyMs && !ended.signal.aborted) {
                timer = window.setTimeout(once, everyMs);
            }
        };
        once();
        return () => {
            ended.abort();
            clearTimeout(timer);
        };
    }, [turn, ...inputs]);
    return { ...answer, again: () => setTurn((before) => before + 1) };
}
