// The types of what entry.js exports, as far as our modules need them.
export interface Signal<T> { value: T; peek(): T }
export interface ReadonlySignal<T> { readonly value: T; peek(): T }
export interface Ref<T> { current: T }
type Cleanup = void | (() => void);

export function html(parts: TemplateStringsArray, ...values: unknown[]): any;
export function h(type: unknown, props: unknown, ...children: unknown[]): any;
export function render(tree: unknown, parent: Element): void;
export class Component<P = any, S = any> {
    constructor(props: P);
    props: P;
    state: S;
    render(props: P, state: S): unknown;
    shouldComponentUpdate(props: P, state: S): boolean;
}
export const Fragment: unknown;
export function createRef<T>(): Ref<T | null>;

export function signal<T>(value: T): Signal<T>;
export function computed<T>(compute: () => T): ReadonlySignal<T>;
export function effect(run: () => Cleanup): () => void;
export function batch<T>(run: () => T): T;
export function untracked<T>(run: () => T): T;
export function useSignal<T>(value: T): Signal<T>;
export function useComputed<T>(compute: () => T): ReadonlySignal<T>;
export function useSignalEffect(run: () => Cleanup): void;

export function useState<T>(initial: T | (() => T)): [T, (next: T | ((before: T) => T)) => void];
export function useRef<T>(initial: T): Ref<T>;
export function useMemo<T>(make: () => T, inputs: unknown[]): T;
export function useCallback<T>(callback: T, inputs: unknown[]): T;
export function useEffect(run: () => Cleanup, inputs?: unknown[]): void;
export function useLayoutEffect(run: () => Cleanup, inputs?: unknown[]): void;

export const uPlot: any;
