#!/usr/bin/env node
import { demandNode } from './core/node-version.ts';

// What is imported statically is loaded before this file runs, and an old Node.js fails on that already.
demandNode();
await import('./process.ts');
