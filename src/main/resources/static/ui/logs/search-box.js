// @ts-check
/** The search, with completion of fields and their values (the ARIA pattern of a combobox with a list). */
import * as results from '../results.js';
import { go, view } from '../state.js';
import { html, useEffect, useRef, useState } from '../vendor/vendor.js';
import { completions } from './completion.js';

/** @typedef {import('./completion.js').Completion} Completion */

/** @param {{again: () => void}} props */
export function SearchBox({ again }) {
    const { q } = view.value;
    const [text, setText] = useState(q);
    const [choices, setChoices] = useState(/** @type {Completion[]} */ ([]));
    const [chosen, setChosen] = useState(-1);
    const input = useRef(/** @type {HTMLInputElement | null} */ (null));
    const turn = useRef(0);
    useEffect(() => setText(q), [q]);
    useEffect(() => {
        document.getElementById(`completion-${chosen}`)?.scrollIntoView({ block: 'nearest' });
    }, [chosen]);

    const close = () => {
        turn.current++;
        setChoices([]);
        setChosen(-1);
    };
    const search = () => {
        close();
        if (text.trim() === q) {
            again();
        } else {
            go({ q: text.trim() });
        }
    };
    const complete = async () => {
        const mine = ++turn.current;
        const box = /** @type {HTMLInputElement} */ (input.current);
        const { now, later } = completions(box.value, box.selectionStart ?? box.value.length);
        setChoices(now);
        setChosen(-1);
        const found = await later.catch(() => now);
        if (mine === turn.current && document.activeElement === box) {
            setChoices(found);
            setChosen((at) => found.findIndex((one) => one.label === now[at]?.label));
        }
    };
    /** @param {Completion} choice */
    const take = (choice) => {
        const next = text.slice(0, choice.from) + choice.insert + text.slice(choice.to);
        const caret = choice.from + choice.insert.length;
        setText(next);
        const box = /** @type {HTMLInputElement} */ (input.current);
        box.value = next;
        box.focus();
        box.setSelectionRange(caret, caret);
        close();
        if (choice.more) {
            complete();
        }
    };
    /** @param {KeyboardEvent} event */
    const onKey = (event) => {
        const open = choices.length > 0;
        if (event.key === 'Enter') {
            event.preventDefault();
            if (open && chosen >= 0) {
                take(choices[chosen]);
            } else {
                search();
            }
        } else if (event.key === 'Tab' && open && chosen >= 0) {
            event.preventDefault();
            take(choices[chosen]);
        } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            if (open) {
                const step = event.key === 'ArrowDown' ? 1 : -1;
                setChosen((chosen + step + choices.length + (chosen < 0 && step < 0 ? 1 : 0)) % choices.length);
            } else {
                complete();
            }
        } else if (event.key === 'Escape' && open) {
            event.stopPropagation();
            close();
        }
    };
    const misread = results.misread.value;
    const open = choices.length > 0;
    return html`<form class="search" role="search" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); search(); }}>
        <div class="search-line">
            <input id="search" ref=${input} type="text" value=${text} spellcheck=${false} autocomplete="off" maxlength="2000"
                placeholder="Search messages, or level:ERROR service:api …   ( / )"
                role="combobox" aria-label="Search" aria-expanded=${open} aria-controls="completions" aria-autocomplete="list"
                aria-activedescendant=${open && chosen >= 0 ? `completion-${chosen}` : undefined}
                aria-describedby=${misread ? 'misread' : undefined}
                onInput=${(/** @type {any} */ e) => { setText(e.target.value); complete(); }}
                onKeyDown=${onKey} onBlur=${close} onClick=${complete} />
            ${text && html`<button type="button" class="icon clear" aria-label="Clear the search" onClick=${() => { setText(''); go({ q: '' }); }}>✕</button>`}
            <button type="submit" class="primary">Search</button>
        </div>
        <ul id="completions" role="listbox" aria-label="Completions" hidden=${!open}>${choices.map((choice, i) => html`
            <li id="completion-${i}" role="option" aria-selected=${i === chosen}
                onMouseDown=${(/** @type {Event} */ e) => { e.preventDefault(); take(choice); }}>
                <bdi>${choice.label}</bdi><span class="quiet">${choice.note}</span></li>`)}</ul>
        ${misread && html`<${Misread} q=${q.trim()} problem=${misread} />`}
    </form>`;
}

/** @param {{q: string, problem: {detail: string, position?: number}}} props */
function Misread({ q, problem }) {
    const at = problem.position ?? Number(/at position (\d+)/.exec(problem.detail)?.[1] ?? 0);
    const place = at > 0 && html`<code class="misread-place" dir="ltr">${q.slice(0, at - 1)}<mark>${q.slice(at - 1, at) || '⎵'}</mark>${q.slice(at)}</code>`;
    return html`<p class="misread" id="misread" role="status">
        <strong>Searched as plain text.</strong> As a search it can’t be read: ${problem.detail}. ${place}</p>`;
}
