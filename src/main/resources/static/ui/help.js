// @ts-check
/** Keys and the syntax of searches. */
import { Dialog } from './ui.js';
import { html, signal } from './vendor/vendor.js';

export const helpShown = signal(false);

const KEYS = [
    ['/', 'to the search'],
    ['j  k', 'to the next log, to the one before'],
    ['Enter', 'open or close the log'],
    ['Esc', 'close it; leave the search'],
    ['r', 'search again'],
    ['l', 'live on or off'],
    ['?', 'this page'],
];

const SEARCHES = [
    ['payment failed', 'both words in the message, anywhere'],
    ['"payment failed"', 'exactly these characters'],
    ['pay*ed', '* stands for any characters, ? for one'],
    ['level:ERROR service:pay*', 'values of fields: level, service, app, message'],
    ['a OR b, -c, (a OR b) c', 'either, without, together'],
    ['metadata_.user:42', 'a value of the metadata'],
    ['metadata_.ms>500', 'numbers in a range; also metadata_.ms:[100 TO 200]'],
    ['metadata_.user:*', 'that have such a key'],
];

export function Help() {
    return html`<${Dialog} title="Help" close=${() => { helpShown.value = false; }}>
        <h3>Keys</h3>
        <dl class="help">${KEYS.map(([key, text]) => html`<dt><kbd>${key}</kbd></dt><dd>${text}</dd>`)}</dl>
        <h3>Searches</h3>
        <dl class="help">${SEARCHES.map(([search, text]) => html`<dt><code>${search}</code></dt><dd>${text}</dd>`)}</dl>
        <p class="quiet">All of it, and the API behind every view: <a href="../docs">API documentation</a></p>
    <//>`;
}
