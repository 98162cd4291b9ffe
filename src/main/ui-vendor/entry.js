// What the log explorer uses of its libraries.
import { h, render, Component, Fragment, createRef } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import htm from 'htm';
import uPlot from 'uplot';

const html = htm.bind(h);

export {
    Component, Fragment, batch, computed, createRef, effect, h, html, render, signal, uPlot, untracked, useCallback, useComputed,
    useEffect, useLayoutEffect, useMemo, useRef, useSignal, useSignalEffect, useState,
};
